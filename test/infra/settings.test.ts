import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSettings, SETTING_NAMES, SettingsError, variableOf } from '../../src/infra/settings.ts';

const NEEDED = { region: 'eu-central-1', repository: 'https://github.com/acme/infra' };

function faults(context: unknown, env: Record<string, string> = {}): string {
  try {
    readSettings(context, env);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(SettingsError);
    return (thrown as Error).message;
  }
  return '';
}

describe('the settings of the scheduled scanner', () => {
  it('need a region and a repository, and nothing else', () => {
    expect(readSettings(NEEDED, {})).toMatchObject({
      ...NEEDED,
      schedule: 'cron(0 3 * * ? *)',
      timezone: 'UTC',
      keysSecret: 'driftbom/keys',
      stateObjects: [],
    });
    expect(faults(undefined)).toMatch(/2 fault\(s\)[\s\S]*region .*is required[\s\S]*repository .*is required/);
  });

  it('come from the context and from the environment, which wins', () => {
    const env = {
      DRIFTBOM_SCANNER_REGION: 'us-east-1',
      DRIFTBOM_SCANNER_SILENCE_HOURS: '50',
      DRIFTBOM_SCANNER_STATE_OBJECTS: 'acme-state/infra/, other-state',
      PATH: '/bin',
    };
    expect(readSettings({ ...NEEDED, branch: 'live' }, env)).toMatchObject({
      region: 'us-east-1',
      branch: 'live',
      silenceHours: 50,
      stateObjects: ['acme-state/infra/', 'other-state'],
    });
  });

  it('take an empty variable as not set', () => {
    expect(readSettings(NEEDED, { DRIFTBOM_SCANNER_BRANCH: '' }).branch).toBe('main');
  });

  it.each([
    ['region', 'Frankfurt'],
    ['repository', 'git@github.com:acme/infra.git'],
    ['repository', 'https://user:secret@github.com/acme/infra'],
    ['branch', 'main; rm -rf'],
    ['directory', '/etc'],
    ['directory', 'a/../../b'],
    ['directory', '-chdir'],
    ['directory', 'a b'],
    ['schedule', 'every night'],
    ['schedule', 'cron(0 3 * * *)'],
    ['timezone', 'Mars/Olympus'],
    ['silenceHours', '1'],
    ['silenceHours', '169'],
    ['silenceHours', 'often'],
    ['timeoutMinutes', '61'],
    ['name', 'Driftbom'],
    ['stateObjects', 'bucket/*'],
    ['stateKeyArns', 'alias/state'],
    ['kmsKeyArn', 'arn:aws:iam::123456789012:role/x'],
    ['objectLock', 'forever'],
    ['logDays', '42'],
    ['alertEmails', 'nobody'],
    ['package', '--registry=evil'],
    ['package', 'a; b'],
    ['terraformVersion', 'latest'],
    ['backend', 'bucket'],
  ])('refuse %s = %s and name the variable', (name, text) => {
    const message = faults(NEEDED, { [variableOf(name)]: text });
    expect(message).toContain('1 fault(s)');
    expect(message).toContain(name);
    expect(message).toContain(variableOf(name));
  });

  it.each(['cron(30 2 ? * MON-FRI *)', 'rate(12 hours)', 'rate(1 day)'])('take the schedule %s', (schedule) => {
    expect(readSettings({ ...NEEDED, schedule }, {}).schedule).toBe(schedule);
  });

  it('refuse a name that is none, wherever it stands', () => {
    expect(faults({ ...NEEDED, shedule: 'x' })).toContain('shedule: no such setting');
    expect(faults(NEEDED, { DRIFTBOM_SCANNER_SHEDULE: 'x' })).toContain('DRIFTBOM_SCANNER_SHEDULE: no such setting');
    expect(faults('eu-central-1')).toContain('must be an object');
  });

  it('list all faults at once', () => {
    expect(faults({ region: 'x', repository: 'y', colour: 1 }, { DRIFTBOM_SCANNER_TASTE: '1' })).toContain(
      '4 fault(s)',
    );
  });

  it('are all explained in the documentation', () => {
    const page = readFileSync(new URL('../../docs/scheduled-scan.md', import.meta.url), 'utf8');
    expect(SETTING_NAMES.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  });
});
