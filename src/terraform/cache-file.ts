import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Changes whenever the meaning of what is stored changes: older files are then not found any more. */
const FORMAT = 'driftbom-cache/1';

/**
 * Reads what was stored under a key. Undefined where there is nothing, where it was stored under another key, and where
 * the file is damaged: a cache may be lost at any time and must never be believed against its own digest.
 */
export async function readCached(cacheDir: string | undefined, kind: string, key: string): Promise<unknown> {
  if (cacheDir === undefined) return undefined;
  try {
    const text = await readFile(fileOf(cacheDir, kind, key), 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    if (text.slice(0, end) !== digestOf(key, body)) return undefined;
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/**
 * Stores JSON under a key; readers see the old file or the new one, never a part. A folder that cannot be written is no
 * fault: the work is done again next time.
 */
export async function writeCached(
  cacheDir: string | undefined,
  kind: string,
  key: string,
  content: unknown,
): Promise<void> {
  if (cacheDir === undefined) return;
  const file = fileOf(cacheDir, kind, key);
  const draft = `${file}.${randomUUID()}`;
  const body = JSON.stringify(content);
  try {
    await mkdir(join(cacheDir, kind), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${digestOf(key, body)}\n${body}`, { mode: 0o600 });
    await rename(draft, file);
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

function fileOf(cacheDir: string, kind: string, key: string): string {
  return join(cacheDir, kind, `${createHash('sha256').update(`${FORMAT}\n${key}`).digest('hex').slice(0, 40)}.json`);
}

function digestOf(key: string, body: string): string {
  return createHash('sha256').update(`${FORMAT}\n${key}\n${body}`).digest('hex');
}
