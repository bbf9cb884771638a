import type { Cause, DriftKind } from '../model/drift.ts';
import type { ChangeOrigin } from '../model/entry.ts';
import type { GapReason } from '../model/resource.ts';

const CAUSES: Readonly<Record<Cause, string>> = {
  'out-of-band': 'out-of-band',
  unapplied: 'unapplied',
  both: 'out-of-band and unapplied',
  unknown: 'cause unknown',
};

/** What a cause is called in print. */
export function causeWord(cause: Cause): string {
  return CAUSES[cause];
}

const CAUSE_MEANINGS: Readonly<Record<Cause, string>> = {
  'out-of-band': 'changed outside Terraform: live differs from what was last applied',
  unapplied: 'the configuration differs from what was last applied, and live does not',
  both: 'live and the configuration both moved away from what was last applied',
  unknown: 'nothing tells which side moved',
};

/** One sentence that says what a cause means. */
export function causeMeaning(cause: Cause): string {
  return CAUSE_MEANINGS[cause];
}

const KIND_SIGNS: Readonly<Record<DriftKind, '~' | '-' | '+'>> = { changed: '~', missing: '-', unmanaged: '+' };

/** `~` changed, `-` missing, `+` unmanaged: seen from the declared side. */
export function kindSign(kind: DriftKind): '~' | '-' | '+' {
  return KIND_SIGNS[kind];
}

const KIND_MEANINGS: Readonly<Record<DriftKind, string>> = {
  changed: 'live differs from declared',
  missing: 'declared, but the provider says that it does not exist',
  unmanaged: 'live, but nothing declares it',
};

export function kindMeaning(kind: DriftKind): string {
  return KIND_MEANINGS[kind];
}

const ORIGINS: Readonly<Record<ChangeOrigin, readonly [words: string, meaning: string]>> = {
  recorded: ['recorded', 'somebody recorded it; no scan found it'],
  transient: ['transient: came and went', 'the audit log shows it; nothing of it was live any more at the next scan'],
  kept: ['kept: declared by now', 'the audit log shows it; it was live at the next scan, and what is declared agreed'],
  unseen: [
    'unseen: no value that is compared',
    'the audit log shows it; its values are hidden, or are nothing that is compared',
  ],
};

/** Where a change that is no drift is known from, in a few words. */
export function originWords(origin: ChangeOrigin): string {
  return ORIGINS[origin][0];
}

/** One sentence that says what that means. */
export function originMeaning(origin: ChangeOrigin): string {
  return ORIGINS[origin][1];
}

const GAP_MEANINGS: Readonly<Record<GapReason, string>> = {
  'access-denied': 'the credentials may not read it',
  throttled: 'the service refused too many calls, also after retries',
  timeout: 'no answer before the deadline',
  'provider-crashed': 'the provider process died while reading it',
  'provider-error': 'the provider answered with an error',
  'provider-missing': 'the provider is not installed',
  'provider-not-configured': 'its provider configuration is not known',
  'unknown-type': 'the provider does not know this resource type',
  'newer-state': 'the state was written by a newer provider',
  'state-upgrade-failed': 'the state could not be brought to the provider’s schema',
  deposed: 'a deposed object, left over from a replacement',
  'not-in-state': 'declared, but never applied: there is no object to compare with',
  'not-in-snapshot': 'the snapshot does not hold it',
  'owner-not-loaded': 'another state may own the difference, and it was not loaded',
  'owner-conflict': 'declared twice: inline and as a separate resource',
  undecodable: 'its values could not be decoded',
  'unsupported-declaration': 'declared in a way that is not read',
};

/** What a gap's reason means, in one clause. */
export function gapMeaning(reason: GapReason): string {
  return GAP_MEANINGS[reason];
}
