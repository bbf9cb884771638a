import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { buildOf } from '../../src/commands/build.ts';

const folder = mkdtempSync(join(tmpdir(), 'driftbom-build-'));
const program = pathToFileURL(join(folder, 'cli.js')).href;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the digest of the program', () => {
  it('is what sha256sum gives for the files of its folder, and another after any byte of any of them', async () => {
    writeFileSync(join(folder, 'cli.js'), 'run();\n');
    writeFileSync(join(folder, 'chunk-Z.js'), 'z');
    writeFileSync(join(folder, 'chunk-a.js'), 'a');
    mkdirSync(join(folder, 'sub'));
    const recipe = 'export LC_ALL=C && sha256sum $(ls -p | grep -v /) | sha256sum';
    const before = await buildOf(program);
    const again = execFileSync('bash', ['-c', recipe], { cwd: folder, encoding: 'utf8' });
    expect(before).toEqual({ sha256: again.slice(0, 64), reason: null });
    writeFileSync(join(folder, 'chunk-a.js'), 'b');
    expect((await buildOf(program)).sha256).not.toBe(before.sha256);
  });

  it('is none where it runs from source', async () => {
    expect(await buildOf(new URL('../../src/cli.ts', import.meta.url).href)).toEqual({
      sha256: null,
      reason: 'run from source',
    });
  });
});
