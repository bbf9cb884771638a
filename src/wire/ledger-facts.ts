import type { LedgerFacts } from '../report/ledger-facts.ts';
import type { Verified } from './verify.ts';

/** What a report says of the ledger. */
export function ledgerFactsOf({ verification, folders, trust, trustedKeys }: Verified): LedgerFacts {
  const { ok, checked, failures, failureCount } = verification;
  const more = failureCount - failures.length;
  return {
    place: folders.shown,
    origin: verification.origin ?? '(unreadable)',
    size: verification.size,
    root: verification.root === undefined ? '' : Buffer.from(verification.root, 'hex').toString('base64'),
    keys: [
      ...trust.entryKeys.map((key) => ({ id: key.keyId, use: 'entries' })),
      ...trust.checkpointKeys.map((key) => ({ id: `${key.name}+${key.keyId}`, use: 'checkpoint' })),
    ],
    verification: {
      outcome: ok ? 'passed' : 'failed',
      statements: ok
        ? [
            `${signaturesText(verification)}, ${checked.entries} entries and ${checked.checkpoints} checkpoints were checked.`,
            ...verification.skipped.map((what) => `Not checked: ${what}.`),
            ...(checked.erased === 0
              ? []
              : [
                  `Payloads erased: ${checked.erased}. The log proves that these entries existed; this report cannot show them.`,
                ]),
            KEYS[trustedKeys],
          ]
        : [...failures.map((failure) => failure.message), ...(more > 0 ? [`… and ${more} more.`] : [])],
      command: `driftbom verify --ledger ${folders.shown}`,
    },
  };
}

/** A sample says what it is one of. The tree, which the head's signature binds, is always checked whole. */
function signaturesText({ checked }: Verified['verification']): string {
  const { signatures, entries } = checked;
  return signatures < entries ? `${signatures} of ${entries} signatures` : `${signatures} signatures`;
}

const KEYS: Readonly<Record<Verified['trustedKeys'], string>> = {
  given: 'The keys were given by the reader.',
  policy: 'The keys are those of the policy that the reader gave.',
  own: "The keys are the public halves of this ledger owner's own.",
  ledger: 'The keys were taken from the ledger itself: hold them against a copy from elsewhere.',
};
