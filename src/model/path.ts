/** One step into a value: an attribute name or map key, or the index of a list element. */
export type Step = string | number;
export type Path = readonly Step[];

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/**
 * Writes a path as Terraform writes attribute paths: `timeout`, `tags.Owner`, `versioning[0].enabled`. A map key that
 * holds a dot, a bracket or a space is quoted (`tags["team.name"]`), so that a key can never look like a deeper path.
 */
export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (PLAIN_KEY.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

/** The inverse of formatPath. Returns undefined where the text is no attribute path. */
export function parsePath(text: string): Path | undefined {
  const steps: Step[] = [];
  // The quoted form is a JSON string (RFC 8259 section 7), so that JSON.parse takes whatever matches.
  const token =
    /\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\[("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")\]/y;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) return undefined;
    if (match[1] !== undefined) steps.push(match[1]);
    else if (match[2] !== undefined) steps.push(Number(match[2]));
    else steps.push(JSON.parse(match[3] as string) as string);
  }
  return steps.length > 0 ? steps : undefined;
}
