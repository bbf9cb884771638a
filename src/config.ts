import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { DriftbomError, errnoOf } from './model/error.ts';
import { writtenRule } from './rules/written.ts';

const CONFIG_FILE = 'driftbom.yaml';

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is written YYYY-MM-DD')
  .refine((text) => !Number.isNaN(Date.parse(`${text}T00:00:00Z`)), 'no such day');

const ignoreRule = z
  .strictObject({
    type: z.string().min(1).optional().describe('Resource type; * and ? are wildcards.'),
    address: z.string().min(1).optional().describe('Terraform address; * and ? are wildcards.'),
    workspace: z.string().min(1).optional().describe('Workspace name; * and ? are wildcards.'),
    path: z.string().min(1).optional().describe('Attribute path, for example tags.LastDeployed or rule[*].priority.'),
    reason: z.string().min(1).describe('Why this difference is accepted. Printed in every report.'),
    owner: z.string().min(1).optional().describe('Who answers for the rule.'),
    until: day.optional().describe('Last day on which the rule applies.'),
    missing: z.boolean().optional().describe('true: the rule also covers that the whole resource is gone.'),
    guarded: z.boolean().optional().describe('true: the rule also covers a protection that was switched off.'),
  })
  .refine((rule) => rule.type !== undefined || rule.address !== undefined || rule.path !== undefined, {
    message: 'a rule needs at least one of type, address, path',
  });

const objectLock = z
  .strictObject({
    mode: z
      .enum(['governance', 'compliance'])
      .describe('compliance: nobody at all may delete before the time; governance: only who may bypass it.'),
    days: z.int().min(1).max(36_500).describe('For how many days from its writing an object is kept.'),
  })
  .describe(
    "S3 Object Lock for a ledger in S3: objects that never change again (full tiles, checkpoints, keys, documents) are kept for so long whatever anybody does. The bucket must have it enabled. An erased entry's documents stay until then.",
  );

const globs = z.array(z.string().min(1));

const attribution = z.strictObject({
  pipeline: z
    .strictObject({
      roles: globs.optional().describe('Role ARNs or names; * and ? are wildcards.'),
      subjects: globs.optional().describe('Subjects of web identity tokens, for example repo:acme/infra:*.'),
      users: globs.optional().describe('Names of IAM users.'),
      userAgents: globs.optional().describe("Parts of user agents; default: Terraform's and OpenTofu's."),
    })
    .optional()
    .describe('How your own pipeline shows in the audit log. What it does is in-band.'),
  ticketPattern: z
    .string()
    .min(1)
    .refine(isExpression, 'no regular expression')
    .optional()
    .describe('Regular expression of your ticket keys; default: like CHG-1234.'),
  settleMinutes: z
    .number()
    .min(0)
    .optional()
    .describe(
      'Minutes that audit events may take to arrive; what is younger is accounted for by the next scan. Default 15.',
    ),
  changeRecords: z
    .array(z.string().min(1))
    .optional()
    .describe('Files of change records, CSV or one JSON object a line; see docs/attribution.md.'),
  gitRepositories: z
    .array(
      z.strictObject({
        path: z.string().min(1).describe('Folder inside the work tree that declares the resources.'),
        pullRequests: z.string().min(1).optional().describe("JSON file with the forge's export of pull requests."),
      }),
    )
    .optional()
    .describe('Repositories in whose history reasons are looked for.'),
});

const severityRule = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, dots, hyphens')
    .max(40),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
  title: z.string().min(1).max(120).describe('What the rule finds, in a few words.'),
  when: z
    .string()
    .min(1)
    .max(4000)
    .describe('CEL over facts.* and drift.*; see docs/reports.md. matches() is refused.'),
  controls: z.array(z.string().min(1)).optional().describe('Names of controls that the rule speaks to.'),
});

const share = z.number().min(0).max(1);
const limit = z.number().positive();

const compliance = z.strictObject({
  cadenceHours: limit.optional().describe('Longest time between two completed scans of a workspace.'),
  coverage: share.optional().describe('Share of declared resources that has to be compared, 0 to 1; default 1.'),
  outOfBandRate: share.optional().describe('Share of changes that may be made past the pipeline, 0 to 1.'),
  slaHours: z
    .strictObject({
      critical: limit.optional(),
      high: limit.optional(),
      medium: limit.optional(),
      low: limit.optional(),
      info: limit.optional(),
    })
    .optional()
    .describe('Hours until a drift is disposed of, by severity.'),
  retentionDays: limit.optional().describe('Days for which entries are kept.'),
  alertMinutes: limit.optional().describe('Minutes until somebody is told of a high or critical drift.'),
  builds: z
    .array(z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest in lower-case hex'))
    .min(1)
    .optional()
    .describe(
      'Digests of the builds of driftbom that may scan; docs/reports.md says how to compute one. Default: any.',
    ),
  clockSkewSeconds: z.number().min(0).optional().describe('By how much clocks may differ; default 0.'),
});

const configSchema = z.strictObject({
  version: z.literal(1).describe('Version of this file format.'),
  ledger: z.string().min(1).optional().describe('Ledger: a folder, or s3://BUCKET/PREFIX; default .driftbom/ledger.'),
  objectLock: objectLock.optional(),
  origin: z
    .string()
    .regex(/^[^\s+]+$/, 'an origin has no space and no +')
    .optional()
    .describe('Name of the ledger in its checkpoints, for example ledger.example/acme-prod. Used when it is made.'),
  signer: z
    .strictObject({
      kms: z.string().min(1).describe('ARN of an AWS KMS key (ECC_NIST_P256) that signs entries.'),
    })
    .optional()
    .describe(
      'What signs entries of a ledger that is made anew; later: driftbom keys rotate. Default: a local P-256 key.',
    ),
  scan: z
    .strictObject({
      parallelism: z.int().min(1).max(512).optional().describe('Reads under way at once; default 32.'),
      timeout: z.number().positive().optional().describe('Seconds that one resource may take; default 120.'),
      strict: z.boolean().optional().describe('Exit code 3 where coverage is incomplete.'),
    })
    .optional(),
  ignore: z.array(ignoreRule).optional().describe('Differences that are accepted; counted and listed all the same.'),
  waivers: z
    .strictObject({
      maxDays: z
        .int()
        .min(1)
        .max(3_650)
        .optional()
        .describe('Longest time that a waiver may run, in days; default 90.'),
      approvers: z
        .array(z.string().min(1))
        .min(1)
        .optional()
        .describe('Who may approve a waiver; default: anybody but who asks for it.'),
    })
    .optional()
    .describe('Rules for driftbom waive.'),
  attribution: attribution.optional().describe('Who and why: identities of your pipeline, and where reasons are kept.'),
  severity: z
    .array(severityRule)
    .optional()
    .describe('Rules that rank changes in reports, asked before the built-in ones; the first that holds decides.'),
  rules: z
    .array(writtenRule)
    .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, 'two rules have one id')
    .optional()
    .describe('What live configuration may not be, whatever is declared; asked in every scan. See docs/rules.md.'),
  actions: z
    .strictObject({
      greenScans: z
        .int()
        .min(1)
        .max(1000)
        .optional()
        .describe('In how many scans in a row a rule has to be green to close its action item; default 3.'),
    })
    .optional()
    .describe('Action items of incidents.'),
  compliance: compliance.optional().describe('What reports hold facts against. What is not declared is not assessed.'),
  providers: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .optional()
    .describe('Provider arguments that cannot be read from the configuration, by provider name ("aws", "aws.west").'),
});

function isExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** driftbom.yaml, checked. */
export type Config = z.infer<typeof configSchema>;

/** The JSON Schema of driftbom.yaml, for editors; published as schema/driftbom.schema.json. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(configSchema, { io: 'input' });
}

/** Parses driftbom.yaml. Every fault is listed at once. Errors: E_CONFIG. */
export function parseConfig(text: string, name: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const at = lines.linePos(broken.pos[0]);
    const message = `${name}:${at.line}:${at.col}: ${broken.message.split('\n')[0]}`;
    throw new DriftbomError('E_CONFIG', message, 'Correct the YAML at that place.');
  }
  const parsed = configSchema.safeParse(document.toJS({ maxAliasCount: 50 }));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((fault) => `${fault.path.join('.') || '(top)'}: ${fault.message}`);
  throw new DriftbomError(
    'E_CONFIG',
    `${name} has ${faults.length} fault(s):\n  ${faults.join('\n  ')}`,
    'Correct these keys; schema/driftbom.schema.json describes each, and editors check against it.',
  );
}

/**
 * Loads the named file, or the first driftbom.yaml in `folders`. No file is an empty configuration, except where the
 * user named one. Errors: E_CONFIG.
 */
export async function loadConfig(named: string | undefined, folders: readonly string[]): Promise<Config> {
  for (const path of named === undefined ? folders.map((folder) => join(folder, CONFIG_FILE)) : [named]) {
    try {
      return parseConfig(await readFile(path, 'utf8'), path);
    } catch (thrown) {
      if (thrown instanceof DriftbomError) throw thrown;
      const absent = errnoOf(thrown) === 'ENOENT' || errnoOf(thrown) === 'ENOTDIR';
      if (absent && named === undefined) continue;
      throw new DriftbomError('E_CONFIG', `cannot read ${path}: ${errnoOf(thrown)}`, 'Check --config.', {
        cause: thrown,
      });
    }
  }
  return { version: 1 };
}
