import { formatPath, type Step } from '../../model/path.ts';
import { type Reader, smallInt, walk } from './wire.ts';

/** What a provider has to say about a call. An error means that the call did not do its work. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  /** Attribute path where the provider named one. */
  readonly path: string | undefined;
}

/** Diagnostic: severity = 1 (ERROR = 1, WARNING = 2), summary = 2, detail = 3, attribute = 4. */
export function decodeDiagnostic(bytes: Uint8Array): Diagnostic {
  let severity = 0;
  let summary = '';
  let detail = '';
  let path: string | undefined;
  walk(bytes, {
    1: (reader) => {
      severity = reader.int32();
    },
    2: (reader) => {
      summary = reader.string();
    },
    3: (reader) => {
      detail = reader.string();
    },
    4: (reader) => {
      path = decodePath(reader.bytes());
    },
  });
  // A severity that a later protocol adds is taken for the worse.
  return { severity: severity === 2 ? 'warning' : 'error', summary, detail, path };
}

/** AttributePath: steps = 1, each attribute_name = 1, element_key_string = 2 or element_key_int = 3. */
export function decodePath(bytes: Uint8Array): string | undefined {
  const steps: Step[] = [];
  const name = (reader: Reader): void => {
    steps.push(reader.string());
  };
  walk(bytes, {
    1: (step) =>
      walk(step.bytes(), {
        1: name,
        2: name,
        3: (reader) => {
          steps.push(smallInt(reader));
        },
      }),
  });
  return steps.length === 0 ? undefined : formatPath(steps);
}

/** The errors among diagnostics in one line: summary and detail, shortened to `limit` characters. */
export function errorText(diagnostics: readonly Diagnostic[], limit = 600): string {
  const text = diagnostics
    .filter((one) => one.severity === 'error')
    .map((one) => [one.path === undefined ? one.summary : `${one.path}: ${one.summary}`, one.detail])
    .map(([summary, detail]) => (detail === '' || detail === summary ? summary : `${summary}: ${detail}`))
    .join('; ')
    .replace(/[\s\u0000-\u001f\u007f]+/g, ' ')
    .trim();
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}
