/**
 * Bytes are not what the format asks for. Parsers of this folder throw nothing else; who calls them knows the place and
 * turns it into a diagnostic of verify or into E_LEDGER_CORRUPT.
 */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}
