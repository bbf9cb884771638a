export interface Fault {
  readonly index: number | null;
  readonly code: string;
  readonly message: string;
}
export function verifyLedger(
  files: ReadonlyMap<string, Uint8Array>,
  entryKeyPem: string,
  vkey: string,
  kept?: readonly Uint8Array[],
): Fault[];
export function readLedger(folder: string): Map<string, Uint8Array>;
