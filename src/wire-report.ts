import { resolve } from 'node:path';
import { readEntries } from './ledger/read.ts';
import type { Entry } from './model/entry.ts';
import { renderCompliance } from './report/compliance/formats.ts';
import { complianceView } from './report/compliance/view.ts';
import type { ReportFormat } from './report/format-names.ts';
import { renderIncident } from './report/incident/formats.ts';
import { incidentView } from './report/incident/view.ts';
import type { LedgerFacts } from './report/ledger-facts.ts';
import type { TemplatePlace } from './report/template/files.ts';
import { type Verified, wireVerify } from './wire-verify.ts';
import type { WireIo } from './wire-io.ts';

export interface ReportRequest {
  readonly ledger?: string;
  readonly config?: string;
  readonly templateDir?: string;
  /** RFC 3339. */
  readonly from?: string;
  readonly to?: string;
  readonly at?: string;
  readonly since?: string;
  readonly resource?: string;
}

/**
 * Reads and verifies the ledger, and gives the function that renders the report in a format. Where an entry is not what
 * the log holds there is no report; where something else does not verify, the report says so first. Errors:
 * E_LEDGER_MISSING, E_LEDGER_CORRUPT, E_KEY, E_TEMPLATE.
 */
export async function wireReport(
  kind: 'compliance' | 'incident',
  request: ReportRequest,
  io: WireIo & { readonly packageRoot: string },
): Promise<(format: ReportFormat) => string> {
  const verified = await wireVerify(request, io);
  const entries: Entry[] = [];
  for await (const entry of readEntries(verified.reader)) entries.push(entry);
  const common = {
    ledger: factsOf(verified),
    tool: { name: 'driftbom', version: io.version },
    generatedAt: io.clock().toISOString(),
  };
  const templates: TemplatePlace = {
    packageRoot: io.packageRoot,
    templateDir: request.templateDir && resolve(io.cwd, request.templateDir),
  };
  if (kind === 'compliance') {
    const view = complianceView(entries, { ...common, from: request.from, to: request.to });
    return (format) => renderCompliance(format, view, templates);
  }
  const { at, since, resource } = request;
  const view = incidentView(entries, { ...common, at, since, resource });
  return (format) => renderIncident(format, view, templates);
}

function factsOf({ verification, folders, trust, trustedKeys }: Verified): LedgerFacts {
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
            `${checked.signatures} signatures, ${checked.entries} entries and ${checked.checkpoints} checkpoints were checked.`,
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

const KEYS: Readonly<Record<Verified['trustedKeys'], string>> = {
  given: 'The keys were given by the reader.',
  policy: 'The keys are those of the policy that the reader gave.',
  own: "The keys are the public halves of this ledger owner's own.",
  ledger: 'The keys were taken from the ledger itself: hold them against a copy from elsewhere.',
};
