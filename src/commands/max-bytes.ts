import { InvalidArgumentError, Option } from 'commander';
import { cutMarkdown, FEWEST_BYTES } from '../report/formats/cut-markdown.ts';
import { collect } from './options.ts';
import type { Output } from './outputs.ts';

/** The most bytes of a Markdown output: of one file, or (file null) of every one that has no limit of its own. */
export interface ByteLimit {
  readonly file: string | null;
  readonly bytes: number;
}

/** `--max-bytes N` and `--max-bytes FILE=N`. */
export function maxBytesOption(): Option {
  return new Option(
    '--max-bytes <[file=]n>',
    'cut Markdown outputs, or one of them, to so many bytes; what is left out is counted in it; repeatable',
  )
    .argParser(collect(parseLimit))
    .default([], 'no limit');
}

/** The text of an output, cut where it is Markdown and a limit stands for it. */
export function fitted({ format, file }: Output, text: string, limits: readonly ByteLimit[]): string {
  if (format !== 'markdown') return text;
  const limit = limits.findLast((one) => one.file === file) ?? limits.findLast((one) => one.file === null);
  return limit === undefined ? text : cutMarkdown(text, limit.bytes);
}

function parseLimit(text: string): ByteLimit {
  const at = text.lastIndexOf('=');
  const number = text.slice(at + 1);
  const bytes = Number(number);
  if (!/^\d+$/.test(number) || bytes < FEWEST_BYTES || at === 0) {
    throw new InvalidArgumentError(`Write N or FILE=N; N is ${FEWEST_BYTES} or more.`);
  }
  return { file: at < 0 ? null : text.slice(0, at), bytes };
}
