import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatEntryKey } from '../../src/ledger/trust.ts';
import { wholeLedger, woundedLedgers } from '../support/ledger-fixtures.ts';
import { readLedger, verifyLedger } from '../support/second-verifier.mjs';

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/ledgers/${name}`, import.meta.url));

let keys: readonly [pem: string, vkey: string];
let kept: Uint8Array;
beforeAll(() => {
  const whole = wholeLedger();
  const trust = readLedger(fixture('trust'));
  keys = [formatEntryKey(whole.trust.entryKeys[0]?.publicKey as Uint8Array), String(trust.get('log.vkey'))];
  kept = whole.kept;
});

describe('a verifier written from the page on the format alone', () => {
  it('accepts the whole ledger', () => {
    expect(verifyLedger(wholeLedger().objects, ...keys, [kept])).toEqual([]);
  });

  it.each(woundedLedgers())('refuses the wounded one as ours does: $wound.name', ({ wound, objects }) => {
    const faults = verifyLedger(objects, ...keys, wound.kept ? [kept] : []);
    expect(faults.map(({ code }) => code)).not.toContain('crash');
    // Which leaf is wrong, and up to where a tree is whole, it does not look for: the page calls these hints of ours.
    const code = wound.code === 'leaf-wrong' ? 'root-wrong' : wound.code;
    const index = ['root-wrong', 'tile-wrong'].includes(code) ? null : wound.index;
    expect(faults.map((one) => ({ code: one.code, index: one.index }))).toContainEqual({ code, index });
  });

  it('runs as a program of its own', () => {
    const script = fileURLToPath(new URL('../support/second-verifier.mjs', import.meta.url));
    const argv = [
      script,
      fixture('whole'),
      fixture('trust/entry.pem'),
      fixture('trust/log.vkey'),
      fixture('trust/kept'),
    ];
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});
