import { DriftbomError } from '../model/error.ts';

/** What is wrong with one change that was handed in. */
export interface Fault {
  /** Line of the file, 1 is the first; null for what stood on the command line. */
  readonly line: number | null;
  readonly message: string;
}

/** More faults than these are counted, not listed. */
const LISTED = 20;

/** One error that lists the faults. `where`: the file as the user named it. */
export function faultsError(where: string, faults: readonly Fault[]): DriftbomError {
  const listed = faults
    .slice(0, LISTED)
    .map(({ line, message }) => (line === null ? message : `line ${line}: ${message}`));
  const more = faults.length - listed.length;
  const count = `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`;
  return new DriftbomError(
    'E_RECORD',
    `${where} has ${count}:\n  ${[...listed, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n  ')}`,
    'Nothing was recorded. Correct it and try again.',
  );
}
