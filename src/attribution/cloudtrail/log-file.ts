import { createReadStream } from 'node:fs';
import { parseTrailKey } from './layout.ts';
import type { LogObject } from './read-object.ts';

const READ_BYTES = 1 << 18;

/** A file of a log on disk. */
export interface LogFile extends LogObject {
  readonly path: string;
}

/** `name`: as the user would name it. */
export function logFile(path: string, name: string): LogFile {
  return { path, name, key: parseTrailKey(name), open: () => createReadStream(path, { highWaterMark: READ_BYTES }) };
}
