import { describe, expect, it } from 'vitest';
import type { LiveReader } from '../../src/live/port.ts';
import { type DeclaredResource, GAP_REASONS, type LiveAnswer, type ProviderConfig } from '../../src/model/resource.ts';

/** One way to use a reader: what is wanted of it, and what its live side holds. */
export interface LiveSetting {
  readonly reader: LiveReader;
  readonly wanted: readonly DeclaredResource[];
  readonly providers: readonly ProviderConfig[];
  /** What each wanted address must be answered with. At least one must be `found`. */
  readonly expected: Readonly<Record<string, LiveAnswer['kind']>>;
  /** Called after each test. */
  readonly tearDown?: () => void | Promise<void>;
}

/** Everything that a reader answers. */
export async function collect(
  reader: LiveReader,
  wanted: readonly DeclaredResource[],
  providers: readonly ProviderConfig[],
): Promise<LiveAnswer[]> {
  const answers: LiveAnswer[] = [];
  for await (const answer of reader.read(wanted, providers)) answers.push(answer);
  return answers;
}

/** The contract of src/live/port.ts: every reader passes it. `setUp` gives a fresh reader each time. */
export function liveReaderContract(name: string, setUp: () => LiveSetting | Promise<LiveSetting>): void {
  const using = async (act: (setting: LiveSetting) => Promise<void>): Promise<void> => {
    const setting = await setUp();
    try {
      await act(setting);
    } finally {
      await setting.reader.close();
      await setting.tearDown?.();
    }
  };

  describe(`${name} as a live reader`, () => {
    it('answers each wanted resource exactly once, with the kind that is true', () =>
      using(async ({ reader, wanted, providers, expected }) => {
        const answers = await collect(reader, wanted, providers);
        expect(answers.map((one) => one.resource.ref.address).sort()).toEqual(Object.keys(expected).sort());
        expect(Object.fromEntries(answers.map((one) => [one.resource.ref.address, one.kind]))).toEqual(expected);
      }));

    it('hands back the very resource that was wanted', () =>
      using(async ({ reader, wanted, providers }) => {
        for (const answer of await collect(reader, wanted, providers)) expect(wanted).toContain(answer.resource);
      }));

    it('gives every unread resource a reason of the closed list and words for people', () =>
      using(async ({ reader, wanted, providers }) => {
        for (const answer of await collect(reader, wanted, providers)) {
          if (answer.kind !== 'unread') continue;
          expect(GAP_REASONS).toContain(answer.reason);
          expect(answer.message).not.toBe('');
        }
      }));

    it('answers the same when asked again: reading changes nothing', () =>
      using(async ({ reader, wanted, providers }) => {
        const facts = async (): Promise<unknown> =>
          new Map(
            (await collect(reader, wanted, providers)).map((one) => [
              one.resource.ref.address,
              one.kind === 'found' ? one.live : one.kind,
            ]),
          );
        expect(await facts()).toEqual(await facts());
      }));

    it('ends at once where nothing is wanted', () =>
      using(async ({ reader }) => {
        expect(await collect(reader, [], [])).toEqual([]);
      }));

    it('may be left early and closed more than once, before, while and after it reads', () =>
      using(async ({ reader, wanted, providers }) => {
        for await (const answer of reader.read(wanted, providers)) {
          expect(answer.kind).toMatch(/found|absent|unread/);
          break;
        }
        await reader.close();
        await reader.close();
      }));
  });
}
