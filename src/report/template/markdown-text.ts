import type { Line } from '../text/line-diff.ts';

/**
 * Plain text into Markdown that shows exactly that text: no emphasis, link, HTML, table cell, mention or bare URL can
 * arise from it. `@`, `://` and `www.` are split by an empty comment because GitHub links them after it has decoded
 * entities and backslashes.
 */
export function markdownText(text: string): string {
  return text
    .replace(/[\\`*_{}[\]#~]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/\|/g, '&#124;')
    .replace(
      /^(\s*)([-+=]|\d+[.)](?=\s|$))/,
      (_, space: string, mark: string) => `${space}${mark.replace(/(.)$/, '\\$1')}`,
    )
    .replace(/@/g, '@<!-- -->')
    .replace(/:\/\//g, ':<!-- -->//')
    .replace(/\bwww\./gi, '$&<!-- -->');
}

/**
 * Text as inline code, safe in a table cell too. Plain text becomes a code span; text that could end the span or the
 * cell becomes `<code>` with every mark as a character reference, which Markdown never reads as syntax.
 */
export function markdownCode(text: string): string {
  if (text === '') return '<code></code>';
  if (!/[`|]|^\s|\s$/.test(text)) return `\`${text}\``;
  const inert = text.replace(/[^A-Za-z0-9 ]/gu, (mark) => `&#${mark.codePointAt(0)};`);
  return `<code>${inert}</code>`;
}

/** A fenced diff block. The fence is longer than any run of backticks inside, so that no line can close it. */
export function markdownDiff(lines: readonly Line[]): string {
  const text = lines.map((line) => `${line.sign === '~' ? ' ' : line.sign} ${line.text}`.trimEnd()).join('\n');
  return fenced(text, 'diff');
}

/** A fenced block of text lines, a shell command for instance. */
export function markdownBlock(lines: readonly string[]): string {
  return fenced(lines.join('\n'), 'sh');
}

function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
