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

/** Cuts to a number of characters and says how many were cut; never cuts for less than what the note itself takes. */
export function cut(text: string, length: number): string {
  const characters = [...text];
  const note = (left: number) => ` … +${left} characters`;
  if (characters.length <= length + note(characters.length).length) return text;
  return `${characters.slice(0, length).join('')}${note(characters.length - length)}`;
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
