const WIDE = /^[ᄀ-ᅟ⺀-꓏가-힣豈-﫿︰-﹯＀-｠￠-￦]|^\p{Emoji_Presentation}/u;
const ZERO = /^[\p{Mn}\p{Me}]/u;

/** Columns that a text takes in a terminal: East Asian wide characters and emoji take two, combining marks none. */
export function displayWidth(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (ZERO.test(character)) continue;
    columns += WIDE.test(character) ? 2 : 1;
  }
  return columns;
}

/** Fills up with spaces to a number of columns. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/** Room for the note of what was cut, ` … +1234567 characters`. */
const NOTE = 22;

/** Cuts to at most `length` characters, the note of how many were cut included. */
export function cut(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= Math.max(length, NOTE)) return text;
  const kept = Math.max(1, length - NOTE);
  return `${characters.slice(0, kept).join('')} … +${characters.length - kept} characters`;
}

/** Breaks prose into lines of at most `columns`, at spaces where there are any. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}
