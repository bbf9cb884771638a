import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AuditFiles } from '../../../src/attribution/cloudtrail/files.ts';
import type { AuditAnswer } from '../../../src/attribution/port.ts';
import { questionOf } from '../../support/trail.ts';

const cwd = fileURLToPath(new URL('../../../fixtures/cloudtrail/', import.meta.url));
const window = { from: null, to: '2026-01-01T00:00:00Z' };

function ask(paths: readonly string[], ...needles: readonly string[]): Promise<AuditAnswer> {
  return new AuditFiles({ paths, cwd }).ask(questionOf({ window, needles: new Set(needles) }));
}

describe('logs that others published', () => {
  it('are read in every layout: trail and organisation files, lists, lines, envelopes, single records', async () => {
    const { coverage } = await ask(['.']);
    expect(coverage.records).toBe(35);
    expect(coverage.gaps.filter(({ message }) => !/the log of/.test(message))).toEqual([]);
  });

  it('are found by a glob, and named relative to it', async () => {
    const { coverage, writes } = await ask(['cloud-snitch/**/*.gz', 'stratus-detonation-logs'], 'sg-003dc7f1f1c686164');
    expect(coverage.records).toBe(27);
    expect(writes.map(({ origin }) => origin.file)).toEqual([
      'stratus-detonation-logs/aws.exfiltration.ec2-security-group-open-port-22-ingress.json',
    ]);
  });

  it('give the write on a resource, by its id or within an ARN', async () => {
    const { writes } = await ask(['.'], 'sg-003dc7f1f1c686164', 'tgw-attach-0123456789abcdef0');
    expect(writes.map(({ eventName }) => eventName)).toContain('AuthorizeSecurityGroupIngress');
  });

  it('show a log that was switched off, by StopLogging and by its selectors', async () => {
    const { coverage } = await ask(['stratus-detonation-logs']);
    expect(coverage.silences.map(({ call, to }) => [call, to])).toEqual([
      ['PutEventSelectors', null],
      ['StopLogging', null],
    ]);
  });

  it('survive a record without time, id and caller', async () => {
    const { coverage, writes } = await ask(
      ['c7n-cwe/event-cloud-trail-bedrock-create-customization-jobs.json'],
      'c7n-test',
    );
    expect(coverage.records).toBe(1);
    expect(coverage.oldest).toBeNull();
    expect(writes).toEqual([]);
  });
});
