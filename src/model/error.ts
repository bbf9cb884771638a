/**
 * Every way in which driftbom refuses to go on. A closed list: scripts may rely on it, and docs/errors.md explains each
 * (a test compares the two).
 */
export const ERROR_CODES = [
  'E_USAGE',
  'E_CONFIG',
  'E_NOTHING_DECLARED',
  'E_STATE_FORMAT',
  'E_STATE_VERSION',
  'E_STATE_PULL',
  'E_PLAN_FORMAT',
  'E_PLAN_VERSION',
  'E_HCL',
  'E_CDKTF_SYNTH',
  'E_CDKTF_OUTPUT',
  'E_SNAPSHOT',
  'E_PROVIDER_MISSING',
  'E_PROVIDER_CHECKSUM',
  'E_PROVIDER_START',
  'E_PROVIDER_CONFIG',
  'E_CREDENTIALS',
  'E_LEDGER_MISSING',
  'E_LEDGER_CORRUPT',
  'E_LEDGER_LOCKED',
  'E_LEDGER_ACCESS',
  'E_KEY',
  'E_SIGNER',
  'E_ENTRY_TOO_LARGE',
  'E_RECORD',
  'E_APPROVAL',
  'E_AUDIT_LOG',
  'E_REASONS',
  'E_ALERT',
  'E_TEMPLATE',
  'E_OUTPUT',
  'E_NOT_FOUND',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** A failure that the user can act on: what happened, where, and how to mend it. Never holds a secret. */
export class DriftbomError extends Error {
  override readonly name = 'DriftbomError';
  readonly code: ErrorCode;
  /** One sentence that says what to do about it. */
  readonly cure: string;

  constructor(code: ErrorCode, message: string, cure: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.cure = cure;
  }
}

/** Node's own error codes (ENOENT, EACCES...) without trusting the shape of what was thrown. */
export function errnoOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const code = (thrown as { code?: unknown }).code;
  return typeof code === 'string' ? code : undefined;
}

const FILE_FAULTS: { readonly [errno: string]: string } = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'access is denied',
  EPERM: 'access is denied',
};

/** Why a file could not be read, in words, with Node's code for it. */
export function fileFault(thrown: unknown): string {
  const errno = errnoOf(thrown);
  if (errno === undefined) return 'unknown reason';
  return Object.hasOwn(FILE_FAULTS, errno) ? `${FILE_FAULTS[errno]} (${errno})` : errno;
}

/** The message of anything that can be thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
