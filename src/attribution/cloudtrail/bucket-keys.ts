import type { Bucket } from './bucket.ts';
import { parseTrailKey } from './layout.ts';
import { DAY, inPlace, type Scope } from './window.ts';

/** An object of a listing. */
export interface ListedObject {
  readonly key: string;
  readonly etag: string;
}

type Kind = 'CloudTrail' | 'CloudTrail-Digest';

/**
 * Lists what may matter of a trail's bucket: `prefix/AWSLogs/[o-ID/]account/CloudTrail/region/YYYY/MM/DD/`. Accounts and
 * regions that are not asked for are not listed, and of the others only the days of the window. A prefix may end
 * anywhere in that layout. Where the layout is another, everything below the prefix is listed.
 * Source: CloudTrail User Guide, "Getting and viewing your CloudTrail log files".
 */
export async function trailObjects(
  bucket: Bucket,
  prefix: string,
  scope: Scope,
  kinds: readonly Kind[],
): Promise<readonly ListedObject[]> {
  const start = await startOf(bucket, prefix);
  if (start === undefined) return allBelow(bucket, prefix);
  const found: ListedObject[] = [];
  for (const region of await regionFolders(bucket, start, scope, kinds)) {
    found.push(...(await daysOf(bucket, region, scope)));
  }
  return found;
}

/** The folder from which on the layout is followed; undefined where it is not CloudTrail's. */
async function startOf(bucket: Bucket, prefix: string): Promise<string | undefined> {
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  if (/(?:^|\/)AWSLogs\//.test(folder)) return folder;
  const below = await foldersBelow(bucket, folder);
  return below.includes(`${folder}AWSLogs/`) ? `${folder}AWSLogs/` : undefined;
}

/** Folders of one region each, for all that stands below a folder in the layout. */
async function regionFolders(
  bucket: Bucket,
  folder: string,
  scope: Scope,
  kinds: readonly Kind[],
): Promise<readonly string[]> {
  const parts = folder
    .slice(folder.lastIndexOf('AWSLogs/') + 'AWSLogs/'.length)
    .split('/')
    .filter(Boolean);
  if (parts[0]?.startsWith('o-') === true) parts.shift();
  const [account = '', kind, region = ''] = parts;
  if (parts.length >= 3) return inPlace(account, region, scope) ? [folder] : [];
  const next = (await foldersBelow(bucket, folder)).filter((one) => {
    const name = one.slice(folder.length, -1);
    if (kind !== undefined) return inPlace(account, name, scope);
    if (account !== '') return (kinds as readonly string[]).includes(name);
    return name.startsWith('o-') || (/^\d{12}$/.test(name) && inPlace(name, '', scope));
  });
  const found: string[] = [];
  for (const one of next) found.push(...(await regionFolders(bucket, one, scope, kinds)));
  return found;
}

/** Objects of a region's folder, or of a folder of some of its days, that were made within the window's days. */
async function daysOf(bucket: Bucket, folder: string, scope: Scope): Promise<readonly ListedObject[]> {
  const region = /^.*\/CloudTrail(?:-Digest)?\/[^/]+\//.exec(folder)?.[0] ?? folder;
  const first = scope.reach > 0 ? `${region}${dayPath(scope.reach)}` : '';
  const last = `${region}${dayPath(scope.to + DAY)}/~`;
  const found: ListedObject[] = [];
  // Days stand in the order of time: listing begins with the first that matters, and ends after the last.
  for await (const object of objectsBelow(bucket, folder, first > folder ? first : undefined)) {
    if (object.key > last) break;
    found.push(object);
  }
  return found;
}

function dayPath(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '/');
}

async function allBelow(bucket: Bucket, prefix: string): Promise<readonly ListedObject[]> {
  const found: ListedObject[] = [];
  for await (const object of objectsBelow(bucket, prefix, undefined)) {
    const key = parseTrailKey(object.key);
    if (!object.key.endsWith('/') && key?.kind !== 'other') found.push(object);
  }
  return found;
}

async function* objectsBelow(
  bucket: Bucket,
  prefix: string,
  startAfter: string | undefined,
): AsyncGenerator<ListedObject, void, undefined> {
  let token: string | undefined;
  do {
    const page = await bucket.list({
      prefix,
      ...(startAfter === undefined ? {} : { startAfter }),
      ...(token === undefined ? {} : { token }),
    });
    yield* page.objects;
    token = page.next;
  } while (token !== undefined);
}

async function foldersBelow(bucket: Bucket, prefix: string): Promise<readonly string[]> {
  const found: string[] = [];
  let token: string | undefined;
  do {
    const page = await bucket.list({ prefix, delimiter: '/', ...(token === undefined ? {} : { token }) });
    found.push(...page.prefixes);
    token = page.next;
  } while (token !== undefined);
  return found;
}
