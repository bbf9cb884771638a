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
