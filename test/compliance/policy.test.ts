import { describe, expect, it } from 'vitest';
import { NO_FACTS } from '../../src/compliance/facts.ts';
import { digestOf } from '../../src/compliance/policy.ts';
import { BUILT_IN_RULES } from '../../src/compliance/policy-built-in.ts';
import { compilePolicy, policyOf } from '../../src/compliance/policy-engine.ts';

const DRIFT = {
  type: 'aws_x',
  kind: 'changed',
  cause: 'out-of-band',
  class: 'out-of-band',
  address: 'aws_x.y',
  workspace: 'prod',
  verdict: 'confirmed',
  paths: ['a'],
};
const rule = (id: string, when: string) => ({ id, severity: 'low' as const, title: id, when });
const faultsOf = async (when: string): Promise<string> =>
  compilePolicy([rule('R', when)]).then(
    () => '',
    (fault: Error) => fault.message,
  );

describe('a severity policy', () => {
  it('is decided by the first rule that holds, the user’s before the built-in ones', async () => {
    const policy = await policyOf([rule('MINE', "drift.address.startsWith('aws_x')")]);
    expect(policy({ ...NO_FACTS, resourceGone: true }, DRIFT)).toMatchObject({ severity: 'low', rule: { id: 'MINE' } });
    expect(policy({ ...NO_FACTS, resourceGone: true }, { ...DRIFT, address: 'b' }).rule?.id).toBe('DEL-001');
  });

  it('ranks as the built-in rules say', async () => {
    const policy = await policyOf([]);
    const ingress = (from: number, to: number, protocol = 'tcp') => ({
      publicIngressAdded: [{ from, to, protocol, cidr: '0.0.0.0/0', path: 'ingress' }],
    });
    const move = { field: 'x', path: 'x', from: 9, to: 1 };
    const cases = [
      ['NET-001', ingress(22, 22)],
      ['NET-001', ingress(0, 65535, 'unknown')],
      ['NET-001', ingress(0, 65535, '-1')],
      ['NET-002', ingress(443, 443)],
      ['IAM-001', { iamActionsAdded: ['*'] }],
      ['IAM-001', { iamPrincipalsAdded: ['*'] }],
      ['IAM-002', { iamActionsAdded: ['s3:GetObject'] }],
      ['IAM-002', { iamConditionsRemoved: ['Bool aws:SecureTransport'] }],
      ['ENC-001', { encryptionOff: ['encrypted'] }],
      ['EXP-001', { publicAccessBlockOff: ['block_public_acls'] }],
      ['LOG-001', { loggingOff: ['recording'] }],
      ['LOG-002', { retentionShortened: [move] }],
      ['BKP-001', { backupShortened: [move] }],
      ['INV-001', { resourceUnmanaged: true }],
      ['TAG-001', { onlyTagsChanged: true }],
      ['CFG-002', {}],
    ] as const;
    for (const [id, some] of cases) expect(policy({ ...NO_FACTS, ...some }, DRIFT).rule?.id).toBe(id);
    expect(policy(NO_FACTS, { ...DRIFT, cause: 'unapplied' }).rule?.id).toBe('CFG-001');
    expect(policy(NO_FACTS, { ...DRIFT, cause: 'unknown' })).toEqual({ severity: 'info', rule: null, faults: [] });
  });

  it('refuses matches() wherever it stands: it can run for ever', async () => {
    for (const when of [
      "drift.address.matches('^(a+)+$')",
      "drift.paths.exists(p, p.matches('a'))",
      "true || ['a'].map(p, p.matches('b'))[0]",
    ]) {
      expect(await faultsOf(when)).toContain('matches() is refused');
    }
  });

  it('refuses names that there are not, also where an or would hide them', async () => {
    expect(await faultsOf('facts.publicIngresAdded.size() > 0 || true')).toContain(
      'there is no facts.publicIngresAdded',
    );
    expect(await faultsOf('drift.tpye == "x"')).toContain('there is no drift.tpye');
    expect(await faultsOf("facts['boolOf'].size() > 0")).toContain('there is no facts.boolOf');
    expect(await faultsOf("facts[drift.type] == 'x'")).toContain('write facts.name');
    expect(await faultsOf('secret == 1')).not.toBe('');
  });

  it('refuses what is no condition, what is too large, and two rules of one name', async () => {
    expect(await faultsOf('1 +')).not.toBe('');
    expect(await faultsOf('facts.boolOff.size()')).toContain('no truth value');
    expect(await faultsOf(`${'('.repeat(60)}true${')'.repeat(60)}`)).not.toBe('');
    await expect(compilePolicy([rule('A', 'true'), rule('A', 'false')])).rejects.toThrow('stands twice');
  });

  it('calls a change unclassified where a rule breaks: a later rule must not stand in for it', async () => {
    const policy = await compilePolicy([rule('BROKEN', "facts.boolOff[7] == 'x'"), rule('LATER', 'true')]);
    expect(policy(NO_FACTS, DRIFT)).toMatchObject({
      severity: 'unclassified',
      rule: null,
      faults: [expect.stringContaining('BROKEN')],
    });
  });

  it('has one digest, in whatever order its members are written', () => {
    expect(digestOf({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(digestOf({ b: [{ d: 3, c: 2 }], a: 1 }));
    expect(digestOf(BUILT_IN_RULES)).not.toBe(digestOf(BUILT_IN_RULES.slice(1)));
  });
});
