import type { Provenance } from '../../compliance/provenance.ts';
import { DriftbomError } from '../../model/error.ts';

const BEGIN = '<!-- driftbom-report:v1 ';
const END = ' -->';
/** The block stands at the end of a page; larger ones are none of ours. */
const LONGEST = 4_000_000;

/** A page with what it was made with, as a comment that HTML and Markdown both hide. Base64, so that nothing ends it early. */
export function withProvenance(page: string, provenance: Provenance): string {
  return `${page.trimEnd()}\n\n${BEGIN}${Buffer.from(JSON.stringify(provenance)).toString('base64')}${END}\n`;
}

/** A report of ours in JSON, up to what it was made with; that ends at the next brace at the same depth. */
const JSON_BEGIN = '{\n  "format": "driftbom.compliance/v1",\n  "provenance": ';
const JSON_END = '\n  }';

/** What a report says it was made with, and its format. What stands in it is the report's word, not yet a fact. Errors: E_USAGE. */
export function provenanceIn(file: Buffer): {
  readonly format: 'html' | 'markdown' | 'json';
  readonly provenance: Provenance;
} {
  const start = file.subarray(0, LONGEST).toString('utf8').trimStart();
  if (start.startsWith('{'))
    return { format: 'json', provenance: checked(parse(jsonHead(start) ?? file.toString('utf8'))) };
  const at = file.lastIndexOf(BEGIN);
  const end = file.indexOf(END, at + BEGIN.length);
  if (at < 0 || end < 0 || end - at > LONGEST) throw none('it does not say what it was made with');
  const json = Buffer.from(file.toString('latin1', at + BEGIN.length, end), 'base64').toString('utf8');
  return {
    format: /^<!doctype html/i.test(start) ? 'html' : 'markdown',
    provenance: checked({ format: 'driftbom.compliance/v1', provenance: parse(json) }),
  };
}

/** The beginning of a JSON report as a document of its own: the rest may be very large, and is not needed. */
function jsonHead(start: string): string | undefined {
  const end = start.startsWith(JSON_BEGIN) ? start.indexOf(JSON_END, JSON_BEGIN.length) : -1;
  return end < 0 ? undefined : `${start.slice(0, end)}${JSON_END}\n}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw none('what it says it was made with cannot be read', cause);
  }
}

/** Enough of a look that nothing later trips over a shape; values are held against the ledger, not believed. */
function checked(file: unknown): Provenance {
  const given = (file as { format?: unknown; provenance?: Partial<Provenance> } | null) ?? {};
  const { provenance } = given;
  const whole =
    given.format === 'driftbom.compliance/v1' &&
    typeof provenance === 'object' &&
    provenance !== null &&
    typeof provenance.generatedAt === 'string' &&
    !Number.isNaN(Date.parse(provenance.generatedAt)) &&
    typeof provenance.arguments?.end === 'string' &&
    Array.isArray(provenance.arguments.workspaces) &&
    Array.isArray(provenance.arguments.modules) &&
    Array.isArray(provenance.rules) &&
    Array.isArray(provenance.frameworks) &&
    typeof provenance.thresholds === 'object' &&
    typeof provenance.tool?.version === 'string' &&
    typeof provenance.ledger?.root === 'string' &&
    Number.isSafeInteger(provenance.ledger.size) &&
    Array.isArray(provenance.ledger.keys) &&
    typeof provenance.ledger.verification?.outcome === 'string';
  if (!whole) throw none('what it says it was made with is incomplete');
  return provenance as Provenance;
}

function none(why: string, cause?: unknown): DriftbomError {
  return new DriftbomError(
    'E_USAGE',
    `this is no compliance report that can be checked: ${why}`,
    'Give the HTML, Markdown or JSON file as driftbom wrote it.',
    cause === undefined ? {} : { cause },
  );
}
