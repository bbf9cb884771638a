/** Whether two names are one person's: case and spaces around them tell nobody apart. */
export function samePerson(a: string, b: string): boolean {
  return folded(a) === folded(b);
}

export function isNobody(name: string): boolean {
  return folded(name) === '';
}

function folded(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}

/**
 * Whether two names may be one person's: also where each says where it comes from (`github:kim`, `local:kim`). Asked before
 * somebody approves; verify, which reads what others wrote, goes by samePerson.
 */
export function maybeSamePerson(a: string, b: string): boolean {
  return samePerson(withoutOrigin(a), withoutOrigin(b));
}

function withoutOrigin(name: string): string {
  return name.trim().replace(/^[a-z][a-z0-9+.-]*:(?=[^:/]+$)/i, '');
}
