import type { KeyObject } from 'node:crypto';
import type { EntryKind, KeyTerms } from '../../model/entry.ts';
import { fromBase64, toHex } from '../bytes.ts';
import { FormatError } from '../format-error.ts';
import { type NoteKey, parseVkey } from '../note.ts';
import type { Retirement } from '../retirement.ts';
import { ed25519Spki, lazyKey, parseSpki } from '../spki.ts';
import { type EntryKey, entryKeyId, type Trust } from '../trust.ts';

/** What an entry says of itself that decides whether a key may have signed it. */
export interface Signed {
  readonly index: number;
  readonly kind: EntryKind;
  /** RFC 3339, the recorder's clock. */
  readonly recordedAt: string;
}

interface RingKey extends EntryKey {
  readonly key: () => KeyObject;
  /** Log index of the entry that retired it. */
  retiredAt?: number;
}

/**
 * The keys that a verifier believes, entry by entry. Without a policy it follows the log's own key entries: a key that a
 * trusted one added is trusted from that entry on. A key that was retired is refused from then on, policy or not.
 */
export class KeyRing {
  /** Checkpoint keys that the log added, with the index of the entry. */
  readonly addedCheckpointKeys: { readonly key: NoteKey; readonly index: number }[] = [];
  /** Verifier key texts of retired checkpoint keys, with the index of the entry. */
  readonly retiredCheckpointKeys = new Map<string, number>();
  readonly #keys = new Map<string, RingKey>();
  readonly #retirements = new Map<string, Retirement>();
  readonly #follows: boolean;

  constructor(trust: Trust) {
    this.#follows = trust.policy === undefined;
    for (const key of trust.entryKeys) this.#add(key);
  }

  /** The key, if it is trusted at that place in the log; else why not. */
  find(publicKey: Uint8Array, index: number): RingKey | string {
    const key = this.#keys.get(toHex(publicKey));
    if (key === undefined) return `signed by ${entryKeyId(publicKey)}, which is not trusted`;
    if (key.retiredAt === undefined || index <= key.retiredAt) return key;
    return `signed by ${nameOf(key)}, which was retired in entry ${key.retiredAt}`;
  }

  /** Why the policy does not let the key sign that entry; undefined where it may. */
  refusal(key: RingKey, { kind, recordedAt }: Signed): string | undefined {
    const { bounds } = key;
    if (bounds === undefined) return undefined;
    if (bounds.kinds !== undefined && !bounds.kinds.includes(kind)) {
      return `signed by ${nameOf(key)}, which may not sign entries of kind ${kind}`;
    }
    const at = Date.parse(recordedAt);
    if (bounds.from !== undefined && !(at >= Date.parse(bounds.from))) {
      return `signed by ${nameOf(key)} (kind ${kind}) at ${recordedAt}: it may sign from ${bounds.from} on`;
    }
    if (bounds.until !== undefined && !(at <= Date.parse(bounds.until))) {
      return `signed by ${nameOf(key)} (kind ${kind}) at ${recordedAt}: it may sign until ${bounds.until}`;
    }
    return undefined;
  }

  /** Every key, of either use, that the log retired, and the first entry that says so. */
  get retirements(): readonly Retirement[] {
    return [...this.#retirements.values()];
  }

  /** Takes in a key entry whose own signature holds. Throws FormatError where its key is not what it says. */
  follow(terms: KeyTerms, { index, digest }: { readonly index: number; readonly digest: string }): void {
    const retire = (keyId: string): void => {
      if (!this.#retirements.has(keyId)) this.#retirements.set(keyId, { keyId, index, digest });
    };
    if (terms.use === 'checkpoint') {
      const key = parseVkey(terms.keyId);
      if (terms.change === 'retired') retire(entryKeyId(ed25519Spki(key.publicKey)));
      if (terms.change === 'retired') this.retiredCheckpointKeys.set(terms.keyId, index);
      else if (this.#follows) this.addedCheckpointKeys.push({ key, index });
      return;
    }
    if (terms.change === 'retired') {
      retire(terms.keyId);
      for (const key of this.#keys.values()) if (key.keyId === terms.keyId) key.retiredAt ??= index;
      return;
    }
    const publicKey = parseSpki(fromBase64(terms.publicKey ?? ''));
    if (entryKeyId(publicKey) !== terms.keyId)
      throw new FormatError('the key that it adds is not the one that it names');
    if (this.#follows && !this.#keys.has(toHex(publicKey))) this.#add({ keyId: terms.keyId, publicKey });
  }

  #add(key: EntryKey): void {
    this.#keys.set(toHex(key.publicKey), { ...key, key: lazyKey(key.publicKey) });
  }
}

function nameOf({ keyId, bounds }: EntryKey): string {
  return bounds?.name === undefined ? keyId : `${bounds.name} (${keyId})`;
}
