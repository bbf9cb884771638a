import { stat } from 'node:fs/promises';

/** What tells that a file is still the one that was looked at: path, size in bytes, modification time in ns, inode. */
export type FileIdentity = readonly [path: string, size: string, mtimeNs: string, inode: string];

/** Decimal strings, since sizes and times in nanoseconds do not fit a double. Throws where there is no such file. */
export async function identityOf(path: string): Promise<FileIdentity> {
  const { size, mtimeNs, ino } = await stat(path, { bigint: true });
  return [path, String(size), String(mtimeNs), String(ino)];
}
