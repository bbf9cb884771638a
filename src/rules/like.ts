/**
 * Whether a text fits a pattern in which `*` stands for any run of characters and `?` for one. In time of pattern times
 * text at the worst: it never backtracks further than to the last star, so that no rule can hang a scan.
 */
export function isLike(text: string, pattern: string): boolean {
  const [letters, wanted] = [[...text], [...pattern]];
  let at = 0;
  let here = 0;
  let star = -1;
  let resumed = 0;
  while (at < letters.length) {
    if (wanted[here] === '*') {
      star = here++;
      resumed = at;
    } else if (here < wanted.length && (wanted[here] === '?' || wanted[here] === letters[at])) {
      here++;
      at++;
    } else if (star >= 0) {
      here = star + 1;
      at = ++resumed;
    } else return false;
  }
  while (wanted[here] === '*') here++;
  return here === wanted.length;
}
