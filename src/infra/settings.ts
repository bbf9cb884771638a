import { z } from 'zod';

/** Retention periods that CloudWatch Logs knows, in days (CloudWatch Logs API, PutRetentionPolicy). */
const LOG_RETENTION = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const arn = (service: string, what: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:[^\\s"]+$`), `not the ARN of ${what}`);

const settingsSchema = z.strictObject({
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'not an AWS region, for example eu-central-1'),
  repository: z
    .string()
    .regex(/^https:\/\/[^\s@"]+$/, 'not an https URL without credentials, for example https://github.com/acme/infra'),
  branch: z
    .string()
    .regex(/^[\w./-]+$/, 'not a branch name')
    .default('main'),
  connectionArn: arn('(codeconnections|codestar-connections)', 'a CodeConnections connection').optional(),
  directory: z
    .string()
    .regex(/^[\w.@/-]+$/, 'only letters, digits and . _ @ / - are allowed')
    .refine((path) => !path.startsWith('/') && !path.startsWith('-') && !path.split('/').includes('..'), {
      message: 'not a folder inside the repository',
    })
    .default('.'),
  prepare: z.string().max(4000).default(''),
  synth: z.enum(['scan', 'prepare']).default('scan'),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,18}[a-z0-9]$/, 'not 3 to 20 small letters, digits and hyphens')
    .default('driftbom'),
  schedule: z
    .string()
    .regex(
      /^(cron\(\S+( \S+){5}\)|rate\([1-9]\d* (minutes?|hours?|days?)\))$/,
      'neither cron(six fields) nor rate(n unit), for example cron(0 3 * * ? *)',
    )
    .default('cron(0 3 * * ? *)'),
  timezone: z
    .string()
    .refine(isTimezone, { message: 'not an IANA time zone, for example Europe/Berlin' })
    .default('UTC'),
  silenceHours: z.coerce.number().int().min(2).max(168).default(26),
  timeoutMinutes: z.coerce.number().int().min(5).max(60).default(30),
  keysSecret: z
    .string()
    .regex(/^[\w/+=.@-]{1,512}$/, 'not the name of a secret')
    .default('driftbom/keys'),
  stateObjects: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9.-]{2,62}(\/[^\s"*?]+)?$/, 'not bucket or bucket/prefix'))
    .default([]),
  stateKeyArns: z.array(arn('kms', 'a KMS key')).default([]),
  assumableRoleArns: z.array(arn('iam', 'a role')).default([]),
  kmsKeyArn: arn('kms', 'a KMS key').optional(),
  objectLock: z
    .string()
    .regex(/^(governance|compliance):[1-9]\d{0,4}$/, 'neither governance:DAYS nor compliance:DAYS')
    .optional(),
  reportDays: z.coerce.number().int().min(1).max(36500).default(400),
  logDays: z.coerce
    .number()
    .refine((days) => LOG_RETENTION.includes(days), { message: `not one of ${LOG_RETENTION.join(', ')}` })
    .default(400),
  alertEmails: z.array(z.email()).default([]),
  package: z
    .string()
    .regex(/^[\w@.][\w@./:+#~^-]*$/, 'not a package that npm can install')
    .default('driftbom@0.1.0'),
  terraformVersion: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'not a version like 1.11.4')
    .default('1.11.4'),
  image: z
    .string()
    .regex(/^[\w./:@-]+$/, 'not an image')
    .default('aws/codebuild/amazonlinux-x86_64-standard:5.0'),
  computeType: z
    .string()
    .regex(/^BUILD_GENERAL1_[A-Z0-9]+$/, 'not a CodeBuild compute type')
    .default('BUILD_GENERAL1_SMALL'),
  backend: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{2,62}\/[^\s"]+$/, 'not bucket/key')
    .optional(),
});

/** Everything that can be set about the scheduled scanner; docs/scheduled-scan.md explains each key. */
export type Settings = z.infer<typeof settingsSchema>;

/** Names of all settings, in the order in which they are documented. */
export const SETTING_NAMES = Object.keys(settingsSchema.shape) as readonly (keyof Settings)[];

const LISTS: ReadonlySet<string> = new Set<keyof Settings>([
  'stateObjects',
  'stateKeyArns',
  'assumableRoleArns',
  'alertEmails',
]);

const ENV_PREFIX = 'DRIFTBOM_SCANNER_';

/** The environment variable of a setting: `silenceHours` is DRIFTBOM_SCANNER_SILENCE_HOURS. */
export function variableOf(name: string): string {
  return ENV_PREFIX + name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** The settings have faults; the message lists all of them. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * Reads the settings: the context object `driftbom` first, then environment variables, which win. Lists are separated
 * by commas in a variable. Errors: SettingsError naming every fault at once, unknown names included, so that a
 * misspelt setting cannot be ignored in silence.
 */
export function readSettings(context: unknown, env: Readonly<Record<string, string | undefined>>): Settings {
  if (context !== undefined && (typeof context !== 'object' || context === null || Array.isArray(context))) {
    throw new SettingsError('The context key driftbom of cdktf.json must be an object of settings.');
  }
  const known = new Map(SETTING_NAMES.map((name) => [variableOf(name), name]));
  const given: Record<string, unknown> = { ...context };
  const unknown: string[] = [];
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith(ENV_PREFIX) || text === undefined || text === '') continue;
    const name = known.get(variable);
    if (name === undefined) unknown.push(`${variable}: no such setting`);
    else given[name] = LISTS.has(name) ? text.split(',').map((item) => item.trim()) : text;
  }
  const parsed = settingsSchema.safeParse(given);
  const faults = parsed.success ? unknown : [...unknown, ...parsed.error.issues.map(describeFault)];
  if (parsed.success && faults.length === 0) return parsed.data;
  throw new SettingsError(
    `The scanner's settings have ${faults.length} fault(s):\n  ${faults.join('\n  ')}\n` +
      'Set them as environment variables or under context.driftbom in cdktf.json; see docs/scheduled-scan.md.',
  );
}

function describeFault(fault: z.core.$ZodIssue): string {
  if (fault.code === 'unrecognized_keys') return `${fault.keys.join(', ')}: no such setting`;
  const [name, ...rest] = fault.path.map(String);
  const place = `${[name, ...rest].join('.')} (${variableOf(name ?? '')})`;
  const missing = fault.code === 'invalid_type' && fault.input === undefined;
  return `${place}: ${missing ? 'is required' : fault.message}`;
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
