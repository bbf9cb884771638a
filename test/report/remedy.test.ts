import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoted, type RemedyCase, remediesFor } from '../../src/report/remedy.ts';

const DRIFT: RemedyCase = {
  kind: 'changed',
  cause: 'out-of-band',
  address: 'module.a["x"].aws_lambda_function.f',
  id: 'f',
  workspace: 'prod',
};

describe('remedies', () => {
  it('put an out-of-band change back through a plan that is read before it is applied', () => {
    const [first] = remediesFor(DRIFT);
    expect(first?.direction).toBe('revert');
    expect(first?.commands).toEqual([
      `terraform plan -target='module.a["x"].aws_lambda_function.f' -out=revert.tfplan`,
      'terraform show revert.tfplan',
      'terraform apply revert.tfplan',
    ]);
    expect(first?.steps.join(' ')).toContain('where the workspace prod is applied from');
  });

  it('never offer to take over an out-of-band change or an unmanaged resource without a look first', () => {
    expect(remediesFor(DRIFT).map((one) => one.direction)).toEqual(['revert', 'accept']);
    const [adopt] = remediesFor({ ...DRIFT, kind: 'unmanaged' });
    expect(adopt?.steps[0]).toContain('find out who made it');
  });

  it('create a missing resource again, and say that its content does not come back', () => {
    const [create, forget] = remediesFor({ ...DRIFT, kind: 'missing' });
    expect(create?.steps.join(' ')).toContain('comes back empty');
    expect(forget?.commands).toEqual([`terraform state rm 'module.a["x"].aws_lambda_function.f'`]);
  });

  it('apply code that was never applied, or take the code back', () => {
    const remedies = remediesFor({ ...DRIFT, cause: 'unapplied' });
    expect(remedies.map((one) => one.direction)).toEqual(['apply', 'revert']);
  });

  it('warn that an apply brings new configuration where both sides moved', () => {
    const [first] = remediesFor({ ...DRIFT, cause: 'both' });
    expect(first?.direction).toBe('apply');
    expect(first?.steps.join(' ')).toContain('new values as well');
  });

  it('print no import command where no id is known', () => {
    expect(remediesFor({ ...DRIFT, kind: 'unmanaged', id: null })[0]?.commands).toEqual([]);
  });

  it('exist for every kind and cause, and never apply what was not planned into a file', () => {
    for (const kind of ['changed', 'missing', 'unmanaged'] as const) {
      for (const cause of ['out-of-band', 'unapplied', 'both', 'unknown'] as const) {
        const remedies = remediesFor({ ...DRIFT, kind, cause });
        expect(remedies.length).toBeGreaterThan(1);
        for (const command of remedies.flatMap((one) => one.commands)) {
          expect(command).not.toMatch(/auto-approve|-refresh=false|apply$/);
        }
      }
    }
  });

  it('quote addresses so that a shell takes them as one word', () => {
    const samples = fc.sample(fc.string({ unit: 'grapheme-ascii', minLength: 1 }), { numRuns: 30, seed: 7 });
    const words = [...samples, `a'b"c $(x) \`y\` \\ ;&|`];
    const shell = spawnSync('sh', ['-c', `printf '%s\\0' ${words.map(quoted).join(' ')}`], { encoding: 'utf8' });
    expect(shell.stdout.split('\0').slice(0, -1)).toEqual(words);
  });
});
