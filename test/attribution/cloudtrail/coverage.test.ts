import { describe, expect, it } from 'vitest';
import { AuditFiles } from '../../../src/attribution/cloudtrail/files.ts';
import type { AuditCoverage, AuditQuestion, Json, JsonMap } from '../../../src/attribution/port.ts';
import { folderWith } from '../../support/folder.ts';
import { ACCOUNT, keyOf, packed, questionOf, recordOf, REGION, trailText } from '../../support/trail.ts';

async function coverage(
  records: readonly JsonMap[],
  question: Partial<AuditQuestion> = {},
  files: { readonly [name: string]: Uint8Array } = {},
): Promise<AuditCoverage> {
  const cwd = folderWith({ 'log.json': trailText(records), ...files });
  return (await new AuditFiles({ paths: ['.'], cwd }).ask(questionOf(question))).coverage;
}

const at = (time: string, members: { readonly [name: string]: Json } = {}): JsonMap =>
  recordOf({ eventTime: `2026-03-01T${time}:00Z`, ...members });
const trailCall = (
  time: string,
  eventName: string,
  requestParameters: Json,
  more: { [name: string]: Json } = {},
): JsonMap => at(time, { eventSource: 'cloudtrail.amazonaws.com', eventName, requestParameters, ...more });
const TRAIL = { name: `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/main` };

describe('the edges of a log', () => {
  it('are told where it begins after the window or ends before it', async () => {
    const { gaps } = await coverage([at('10:00'), at('12:00')]);
    expect(gaps.map(({ message }) => message)).toEqual([
      expect.stringContaining('begins at 2026-03-01T10:00:00Z'),
      expect.stringContaining('ends at 2026-03-01T12:00:00Z'),
    ]);
  });

  it('are no gap where it covers the window, give or take what delivery takes', async () => {
    expect((await coverage([at('00:10'), at('23:50')])).gaps).toEqual([]);
  });

  it('are those of the account: a quiet region begins when it likes', async () => {
    expect((await coverage([at('00:01'), at('23:59'), at('12:00', { awsRegion: 'us-west-2' })])).gaps).toEqual([]);
  });

  it('are shown by a file from before the window, also where it is not read', async () => {
    const early = { [keyOf('20260101T0000Z')]: packed(trailText([recordOf()])) };
    const { gaps, files } = await coverage([at('12:00'), at('23:59')], {}, early);
    expect([gaps, files]).toEqual([[], 1]);
  });

  it('name a region of which there is no record', async () => {
    const { gaps } = await coverage([at('00:01'), at('23:59')], { regions: [REGION, 'ap-south-1'] });
    expect(gaps.map(({ what }) => what)).toEqual(['region ap-south-1']);
  });
});

describe('missing files of a trail', () => {
  const hours = (skip: (hour: number) => boolean): { [name: string]: Uint8Array } =>
    Object.fromEntries(
      Array.from({ length: 24 }, (_, hour) => hour)
        .filter((hour) => !skip(hour))
        .map((hour) => String(hour).padStart(2, '0'))
        .map((hour) => [keyOf(`20260301T${hour}30Z`), packed(trailText([at(`${hour}:20`)]))]),
    );
  const edges = [at('00:01'), at('23:59')];
  const missing = (one: AuditCoverage): string[] =>
    one.gaps.map(({ message }) => message).filter((text) => /delivered/.test(text));

  it('are told where all the hours around have some', async () => {
    const found = missing(
      await coverage(
        edges,
        {},
        hours((hour) => hour === 12),
      ),
    );
    expect(found).toEqual([expect.stringContaining('between 2026-03-01T12:00:00Z and 2026-03-01T13:00:00Z')]);
  });

  it('are nothing remarkable where files are few', async () => {
    expect(
      missing(
        await coverage(
          edges,
          {},
          hours((hour) => hour % 3 > 0),
        ),
      ),
    ).toEqual([]);
  });
});

describe('a log that was switched off', () => {
  const off = trailCall('08:00', 'StopLogging', TRAIL);
  const span = ({ silences }: AuditCoverage): unknown =>
    silences.map(({ from, to, call }) => [from.slice(11, 16), to?.slice(11, 16), call]);

  it('is silent from then on until it is switched on again', async () => {
    expect(span(await coverage([at('07:00'), off]))).toEqual([['08:00', undefined, 'StopLogging']]);
    expect(span(await coverage([off, trailCall('09:00', 'StartLogging', TRAIL), at('09:30')]))).toEqual([
      ['08:00', '09:00', 'StopLogging'],
    ]);
  });

  it('is not silent where the call failed', async () => {
    expect(span(await coverage([trailCall('08:00', 'StopLogging', TRAIL, { errorCode: 'AccessDenied' })]))).toEqual([]);
  });

  it('was another one where this one goes on to show writes', async () => {
    expect(span(await coverage([off, at('08:40'), at('10:20')]))).toEqual([]);
  });

  it('is silent after DeleteTrail, whatever comes of other accounts', async () => {
    const other = at('10:00', { recipientAccountId: '444455556666' });
    expect(span(await coverage([trailCall('08:00', 'DeleteTrail', TRAIL), other]))).toEqual([
      ['08:00', undefined, 'DeleteTrail'],
    ]);
  });

  const selectors = (one: Json): Json => ({ trailName: 'main', eventSelectors: [one] });
  const advanced = (...fieldSelectors: Json[]): Json => ({
    trailName: 'main',
    advancedEventSelectors: [{ fieldSelectors }],
  });
  const management = { field: 'eventCategory', equals: ['Management'] };
  it.each([
    ['management events left out', selectors({ includeManagementEvents: false, readWriteType: 'All' }), 1],
    ['reads only', selectors({ includeManagementEvents: true, readWriteType: 'ReadOnly' }), 1],
    ['everything', selectors({ includeManagementEvents: true, readWriteType: 'All' }), 0],
    ['writes only', selectors({ includeManagementEvents: true, readWriteType: 'WriteOnly' }), 0],
    ['advanced: data events only', advanced({ field: 'eventCategory', equals: ['Data'] }), 1],
    ['advanced: management reads', advanced(management, { field: 'readOnly', equals: ['true'] }), 1],
    ['advanced: management', advanced(management), 0],
  ])('takes PutEventSelectors by what it selects: %s', async (_, request, silences) => {
    const put = trailCall('08:00', 'PutEventSelectors', request);
    expect((await coverage([put])).silences).toHaveLength(silences);
  });

  it('is silent elsewhere where UpdateTrail drops regions or global services', async () => {
    const request = { ...TRAIL, isMultiRegionTrail: false };
    expect(span(await coverage([trailCall('08:00', 'UpdateTrail', request)]))).toEqual([
      ['08:00', undefined, 'UpdateTrail'],
    ]);
    expect(span(await coverage([trailCall('08:00', 'UpdateTrail', { ...TRAIL, s3KeyPrefix: 'x' })]))).toEqual([]);
  });
});

describe('records that are dated in the future', () => {
  const NOW = Date.parse('2026-03-02T00:00:00Z');
  const future = (year: number): JsonMap => recordOf({ eventTime: `${year}-01-01T00:00:00Z` });
  const asked = async (records: readonly JsonMap[], text = trailText(records)): Promise<AuditCoverage> => {
    const cwd = folderWith({ 'log.json': text });
    return (await new AuditFiles({ paths: ['log.json'], cwd, now: () => NOW }).ask(questionOf({}))).coverage;
  };

  it('are counted and told, and move no horizon', async () => {
    const { horizons, gaps, records } = await asked([at('00:10'), at('12:00'), future(2099), future(2100)]);
    expect(horizons.map(({ newest }) => newest)).toEqual(['2026-03-01T12:00:00Z']);
    expect(records).toBe(4);
    expect(gaps.map(({ message }) => message)).toEqual([
      '2 records are dated in the future (up to 2100-01-01T00:00:00Z): no answer rests on what is dated so',
      expect.stringContaining('ends at 2026-03-01T12:00:00Z'),
    ]);
  });

  it('are told alike where the text is not laid out as CloudTrail lays it out', async () => {
    const records = [at('00:10'), at('23:55'), future(2099)];
    const { horizons, gaps } = await asked(records, JSON.stringify({ Records: records }, null, 2));
    expect(horizons.map(({ newest }) => newest)).toEqual(['2026-03-01T23:55:00Z']);
    expect(gaps.map(({ message }) => message)).toEqual([expect.stringContaining('one record is dated in the future')]);
  });

  it('are those that no two clocks explain', async () => {
    const { horizons, gaps } = await asked([at('00:10'), recordOf({ eventTime: '2026-03-02T00:04:00Z' })]);
    expect([horizons[0]?.newest, gaps]).toEqual(['2026-03-02T00:04:00Z', []]);
  });
});
