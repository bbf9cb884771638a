import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processPlace } from '../../src/commands/process-place.ts';
import { folderWith } from '../support/folder.ts';

function procOf(boot: string, namespace: string): string {
  const proc = folderWith({});
  mkdirSync(join(proc, 'sys/kernel/random'), { recursive: true });
  writeFileSync(join(proc, 'sys/kernel/random/boot_id'), `${boot}\n`);
  mkdirSync(join(proc, 'self/ns'), { recursive: true });
  symlinkSync(namespace, join(proc, 'self/ns/pid'));
  return proc;
}

describe('the place of a process', () => {
  it('differs between containers, and between two boots', () => {
    const places = [
      ['a', 'pid:[1]'],
      ['a', 'pid:[2]'],
      ['b', 'pid:[1]'],
    ].map(([boot = '', namespace = '']) => processPlace(procOf(boot, namespace)));
    expect(new Set(places).size).toBe(3);
    expect(processPlace(procOf('a', 'pid:[1]'))).toBe(places[0]);
  });

  it('is not known where the system does not tell', () => {
    expect(processPlace(folderWith({}))).toBeUndefined();
  });
});
