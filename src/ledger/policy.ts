import { z } from 'zod';
import { ENTRY_KINDS } from '../model/entry.ts';
import { DriftbomError, messageOf } from '../model/error.ts';
import { decodeUtf8, fromBase64, toBase64 } from './bytes.ts';
import { parseWitnessKey } from './cosignature.ts';
import { FormatError } from './format-error.ts';
import type { SigningKeys } from './signing-keys.ts';
import { parseVkey } from './note.ts';
import { parseSpki } from './spki.ts';
import { parseStrictJson } from './strict-json.ts';
import { entryKeyId, type Trust } from './trust.ts';

const SCHEMA = 'driftbom.policy/v1';

/** Text that a parser of ours takes; what it refuses is a fault of the policy at that place. */
function read<T>(parse: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return parse(text);
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown;
      context.addIssue({ code: 'custom', message: messageOf(thrown) });
      return z.NEVER;
    }
  });
}

const publicKey = read((text) => parseSpki(fromBase64(text)));
const moment = z.iso.datetime({ offset: true, error: 'not an RFC 3339 time with its zone' });
const size = z.int().nonnegative();

const policyShape = z.strictObject({
  schema: z.literal(SCHEMA),
  entryKeys: z
    .array(
      z.strictObject({
        name: z.string().min(1).optional(),
        publicKey,
        kinds: z.array(z.enum(ENTRY_KINDS)).min(1).optional(),
        from: moment.optional(),
        until: moment.optional(),
      }),
    )
    .min(1),
  checkpointKeys: z
    .array(
      z.strictObject({ vkey: read((text) => parseVkey(text)), fromSize: size.optional(), untilSize: size.optional() }),
    )
    .min(1),
  witnesses: z
    .strictObject({ quorum: z.int().positive(), vkeys: z.array(read(parseWitnessKey)).min(1) })
    .refine(({ quorum, vkeys }) => new Set(vkeys.map((key) => toBase64(key.publicKey))).size >= quorum, {
      message: 'the quorum is larger than the number of witnesses',
    })
    .optional(),
  approvers: z
    .strictObject({
      names: z.array(z.string().min(1)).optional(),
      keys: z.array(z.string().regex(/^sha256:[0-9a-f]{64}$/, 'not a key id, sha256:<64 hex digits>')).optional(),
    })
    .optional(),
});

/**
 * Reads a policy: whom a verifier believes, for what. Strict: a field that nobody knows, a key twice or a key that does
 * not parse is refused, since a rule that is not understood must not look kept. Errors: E_CONFIG, all faults at once.
 */
export function parsePolicy(bytes: Uint8Array, name: string): Trust {
  let json: unknown;
  try {
    json = parseStrictJson(decodeUtf8(bytes));
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown;
    throw faulty(name, [messageOf(thrown)]);
  }
  const parsed = policyShape.safeParse(json);
  if (!parsed.success) {
    throw faulty(
      name,
      parsed.error.issues.map((fault) => `${fault.path.join('.') || '(top)'}: ${fault.message}`),
    );
  }
  const { entryKeys, checkpointKeys, witnesses, approvers } = parsed.data;
  const ids = entryKeys.map((key) => entryKeyId(key.publicKey));
  const twice = ids.find((id, at) => ids.indexOf(id) < at);
  if (twice !== undefined) throw faulty(name, [`entryKeys: ${twice} stands there twice`]);
  return {
    entryKeys: entryKeys.map(({ publicKey, ...bounds }, at) => ({ keyId: ids[at] as string, publicKey, bounds })),
    checkpointKeys: checkpointKeys.map(({ vkey, ...bounds }) => ({ ...vkey, ...bounds })),
    policy: { witnesses: witnesses && { keys: witnesses.vkeys, quorum: witnesses.quorum }, approvers },
  };
}

/**
 * A policy that accepts a ledger as its own history tells it: to hold against what one knows from elsewhere, to narrow,
 * and to hand to an auditor. Keys that were rotated out get their end.
 */
export function formatPolicy({ entryKeys, checkpointKeys }: SigningKeys): string {
  const policy = {
    schema: SCHEMA,
    entryKeys: entryKeys.map(({ publicKey, kinds, added, retired }, at) => ({
      name: `entry key ${at + 1}`,
      publicKey: toBase64(publicKey),
      kinds:
        retired === null || kinds.includes('erased') ? ENTRY_KINDS : ENTRY_KINDS.filter((kind) => kinds.includes(kind)),
      ...(added === null ? {} : { from: added.at }),
      ...(retired === null ? {} : { until: retired.at }),
    })),
    checkpointKeys: checkpointKeys.map(({ vkey, added, retired }) => ({
      vkey,
      ...(added === null ? {} : { fromSize: added.index + 1 }),
      ...(retired === null ? {} : { untilSize: retired.index + 1 }),
    })),
  };
  return `${JSON.stringify(policy, undefined, 2)}\n`;
}

function faulty(name: string, faults: readonly string[]): DriftbomError {
  const message = `the policy ${name} has ${faults.length} fault(s):\n  ${faults.join('\n  ')}`;
  return new DriftbomError('E_CONFIG', message, 'Correct these places; docs/keys.md describes each field.');
}
