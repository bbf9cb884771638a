import type { Bucket, BucketQuestion } from '../../src/attribution/cloudtrail/bucket.ts';

export interface FakeBucket extends Bucket {
  readonly asked: BucketQuestion[];
  readonly fetched: string[];
}

/** A bucket in memory that lists as S3 does: keys in order, a page at a time, folders where a delimiter is given. */
export function fakeBucket(
  objects: { readonly [key: string]: Uint8Array | string },
  metadata: { readonly [key: string]: Readonly<Record<string, string>> } = {},
  pageSize = 2,
): FakeBucket {
  const asked: BucketQuestion[] = [];
  const fetched: string[] = [];
  return {
    asked,
    fetched,
    list: async (question) => {
      asked.push(question);
      const { prefix, delimiter, startAfter = '', token = '' } = question;
      const found = new Set(
        Object.keys(objects)
          .filter((key) => key.startsWith(prefix) && key > startAfter)
          .map((key) => {
            const end = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
            return end === -1 ? key : key.slice(0, end + 1);
          })
          .filter((key) => key > token),
      );
      const page = [...found].sort().slice(0, pageSize);
      return {
        objects: page.filter((key) => key in objects).map((key) => ({ key, etag: `"${String(objects[key]).length}"` })),
        prefixes: page.filter((key) => !(key in objects)),
        next: found.size > pageSize ? page.at(-1) : undefined,
      };
    },
    get: async (key) => {
      fetched.push(key);
      const bytes = objects[key];
      if (bytes === undefined) throw Object.assign(new Error('no such key'), { name: 'NoSuchKey' });
      const body = (async function* () {
        yield Buffer.from(bytes as string);
      })();
      return { body, metadata: metadata[key] ?? {} };
    },
  };
}
