import type { ErrorCode } from '../model/error.ts';
import { DriftbomError } from '../model/error.ts';

/**
 * Decodes a text file: UTF-8, or UTF-16 of either byte order, with or without a byte order mark (which is taken off).
 * PowerShell's `>` writes UTF-16. Errors: `code` where the bytes are no such text.
 */
export function decodeText(bytes: Uint8Array, where: string, code: ErrorCode): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = `${where} is not text: its bytes are neither UTF-8 nor UTF-16`;
    throw new DriftbomError(code, message, 'Check that this is the right file.', { cause });
  }
}

/** By the mark, or else by where the zero byte of the first character (JSON and HCL begin with ASCII) stands. */
function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0 && second !== undefined && second !== 0) return 'utf-16be';
  if (second === 0 && first !== 0) return 'utf-16le';
  return 'utf-8';
}
