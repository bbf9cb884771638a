import { describe, expect, it } from 'vitest';
import { AuditLookup } from '../../../src/attribution/cloudtrail/lookup.ts';
import type { LookupPage, LookupQuestion } from '../../../src/attribution/cloudtrail/lookup-sweep.ts';
import type { AuditAnswer, AuditQuestion } from '../../../src/attribution/port.ts';
import { ACCOUNT, questionOf, recordOf, REGION } from '../../support/trail.ts';

interface Asked extends LookupQuestion {
  readonly region: string;
}

interface World {
  readonly asked: Asked[];
  readonly waits: number[];
  ask(question?: Partial<AuditQuestion>): Promise<AuditAnswer>;
}

const event = JSON.stringify(recordOf());
const NOTHING: LookupPage = { events: [], next: undefined };

function world(page: (question: Asked, call: number) => LookupPage | Error): World {
  const asked: Asked[] = [];
  const waits: number[] = [];
  const log = new AuditLookup({
    env: { AWS_REGION: REGION },
    now: () => Date.parse('2026-03-02T00:00:00Z'),
    wait: async (ms) => void waits.push(ms),
    connect: async (region) => ({
      page: async (question) => {
        const answer = page({ ...question, region }, asked.push({ ...question, region }));
        if (answer instanceof Error) throw answer;
        return answer;
      },
    }),
  });
  return { asked, waits, ask: (question = {}) => log.ask(questionOf(question)) };
}

const isWrites = ({ attribute, region }: Asked): boolean => attribute.key === 'ReadOnly' && region === REGION;
const fault = (name: string, httpStatusCode = 400): Error =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
const messages = ({ coverage }: AuditAnswer): string => coverage.gaps.map(({ message }) => message).join('\n');

describe('LookupEvents', () => {
  it('is asked once for all writes of each region, and for what issued credentials, from further back', async () => {
    const { asked, ask } = world((one) => (isWrites(one) ? { events: [event], next: undefined } : NOTHING));
    const { writes, coverage } = await ask({ regions: [REGION] });
    expect(writes[0]?.origin).toEqual({ file: `lookup:${ACCOUNT}:${REGION}`, index: 0, digestChain: 'lookup-only' });
    expect(new Set(asked.map(({ region }) => region))).toEqual(new Set([REGION, 'us-east-1']));
    const from = Object.fromEntries(asked.map(({ attribute, from: since }) => [attribute.value, since.toISOString()]));
    expect(from).toMatchObject({
      false: '2026-03-01T00:00:00.000Z',
      AssumeRole: '2026-02-28T12:00:00.000Z',
      GetFederationToken: '2026-02-27T12:00:00.000Z',
    });
    expect(coverage.digestChain).toBe('lookup-only');
    expect(coverage.gaps).toEqual([]);
  });

  it('is read to the last page, two calls a second', async () => {
    const { waits, ask } = world((one) => {
      if (!isWrites(one)) return NOTHING;
      const at = Number(one.token ?? 0);
      return { events: [JSON.stringify(recordOf())], next: at < 4 ? String(at + 1) : undefined };
    });
    expect((await ask()).writes).toHaveLength(5);
    expect(waits.every((ms) => ms >= 500)).toBe(true);
  });

  it('that gives the same page again is a gap, not an end', async () => {
    const { ask } = world((one) => (isWrites(one) ? { events: [event], next: 'again' } : NOTHING));
    expect(messages(await ask())).toMatch(/the same page twice/);
  });

  it('is asked again where it was asked too fast', async () => {
    let refused = 0;
    const { waits, ask } = world((one) => {
      if (isWrites(one) && refused++ < 2) return fault('ThrottlingException');
      return isWrites(one) ? { events: [event], next: undefined } : NOTHING;
    });
    const answer = await ask({ regions: [REGION] });
    expect(answer.writes).toHaveLength(1);
    expect(messages(answer)).toBe('');
    expect(waits).toEqual(expect.arrayContaining([1000, 2000]));
  });

  it('that goes on to refuse is a gap that names the region', async () => {
    const { ask } = world((one) => {
      if (one.region === 'us-east-1') return fault('ThrottlingException');
      return isWrites(one) ? { events: [event], next: undefined } : NOTHING;
    });
    const { coverage, writes } = await ask({ regions: [REGION] });
    expect(writes).toHaveLength(1);
    expect(coverage.gaps).toContainEqual({
      what: 'region us-east-1',
      message: expect.stringContaining('ThrottlingException'),
    });
  });

  it('says that it shows 90 days, and which regions were asked where none were named', async () => {
    const { ask } = world((one) => (isWrites(one) ? { events: [event], next: undefined } : NOTHING));
    const answer = await ask({ window: { from: '2025-01-01T00:00:00Z', to: '2026-03-02T00:00:00Z' } });
    expect(messages(answer)).toMatch(/90 days: nothing before 2025-12-02[\s\S]*eu-west-1, us-east-1/);
  });

  it('that nobody may ask is refused', async () => {
    const { ask } = world(() => fault('AccessDeniedException'));
    await expect(ask()).rejects.toMatchObject({ code: 'E_AUDIT_LOG', cure: expect.stringContaining('LookupEvents') });
  });

  it('in which nothing happened is covered', async () => {
    const { coverage } = await world(() => NOTHING).ask({ regions: [REGION] });
    expect(coverage.gaps).toEqual([]);
  });
});
