import { z } from 'zod';
import { DriftbomError } from '../model/error.ts';

export const TEST_IDS = [
  'T1',
  'T2',
  'T3',
  'T4',
  'T5',
  'T6',
  'T7',
  'T8',
  'T9',
  'T10',
  'T11',
  'T12',
  'T13',
  'T14',
] as const;
export type TestId = (typeof TEST_IDS)[number];

/** D: direct evidence. P: partial, evidence from outside is needed too. S: supporting only. */
export const STRENGTHS = ['D', 'P', 'S'] as const;
export type Strength = (typeof STRENGTHS)[number];

const WORDS = 12;

const control = z.strictObject({
  id: z.string().min(1).max(80).describe('Id of the requirement, as the framework writes it.'),
  about: z
    .string()
    .min(1)
    .refine((text) => text.trim().split(/\s+/).length <= WORDS, `about has at most ${WORDS} words of your own`)
    .describe('What it is about, in your own words; never the text of the standard.'),
  tests: z.array(z.enum(TEST_IDS)).describe('Tests whose outcome decides it.'),
  strength: z.enum(STRENGTHS).describe('D direct, P partial, S supporting only.'),
  alsoNeeded: z.array(z.string().min(1)).optional().describe('Evidence that has to come from elsewhere.'),
  cadenceHours: z.number().positive().optional().describe('Longest time between scans that this control allows.'),
  refs: z.array(z.string().min(1)).optional().describe('Names by which severity rules point here.'),
});

const schema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'small letters, digits, dots and hyphens'),
  title: z.string().min(1),
  version: z.string().min(1).describe('Version of the framework and of this map.'),
  note: z.string().min(1).optional(),
  controls: z.array(control).min(1),
});

/** A list of requirements, and which tests speak of each. Ids are references; all words are our own or the user's. */
export type Framework = z.infer<typeof schema>;
export type Control = Framework['controls'][number];

/** Reads a framework from JSON. Errors: E_CONFIG, every fault at once. */
export function parseFramework(text: string, name: string): Framework {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new DriftbomError('E_CONFIG', `${name} is no JSON`, 'A framework is a JSON file; see docs/reports.md.', {
      cause,
    });
  }
  return checkFramework(json, name);
}

/** Checks what is to be a framework. Errors: E_CONFIG. */
export function checkFramework(json: unknown, name: string): Framework {
  const parsed = schema.safeParse(json);
  const faults = parsed.success
    ? repeated(parsed.data.controls.map(({ id }) => id)).map((id) => `controls: ${id} stands twice`)
    : parsed.error.issues.map((fault) => `${fault.path.join('.') || '(top)'}: ${fault.message}`);
  if (parsed.success && faults.length === 0) return parsed.data;
  throw new DriftbomError(
    'E_CONFIG',
    `${name} has ${faults.length} fault(s):\n  ${faults.join('\n  ')}`,
    'Correct the framework; see docs/reports.md.',
  );
}

function repeated(ids: readonly string[]): string[] {
  return [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))];
}
