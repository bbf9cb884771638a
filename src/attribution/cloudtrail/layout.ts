/** What the key of an object says that CloudTrail delivered. */
export interface TrailKey {
  readonly kind: 'log' | 'digest' | 'other';
  readonly account: string;
  readonly region: string;
  /** Time in the name, in milliseconds: when the file was made. The records in it are older, by up to a day when late. */
  readonly time: number;
}

const NAME =
  /(?:^|\/)(\d{12})_(CloudTrail(?:-[A-Za-z]+)?)_([a-z]{2}(?:-[a-z0-9]+)+)_(?:.+_)?(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?Z(?:_[A-Za-z0-9]+)?\.json(?:\.gz)?$/;

/**
 * Reads a name as CloudTrail gives it: `account_CloudTrail_region_YYYYMMDDTHHMMZ_random.json.gz`, and for digests
 * `account_CloudTrail-Digest_region_trail_homeRegion_YYYYMMDDTHHMMSSZ.json.gz`. Undefined for any other name.
 * Source: CloudTrail User Guide, "CloudTrail log file examples" (log file name format) and "Digest file structure".
 */
export function parseTrailKey(name: string): TrailKey | undefined {
  const match = NAME.exec(name);
  if (match === null) return undefined;
  const [, account = '', service, region = '', year, month, day, hour, minute, second = '00'] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time)) return undefined;
  const kind = service === 'CloudTrail' ? 'log' : service === 'CloudTrail-Digest' ? 'digest' : 'other';
  return { kind, account, region, time };
}

/** The last part of a key or path: unique for what CloudTrail delivers. */
export function baseName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
}
