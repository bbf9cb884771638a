import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/declared/directory-run.ts';

const node = (script: string, timeoutMs = 10_000): ReturnType<typeof runProgram> =>
  runProgram(process.execPath, ['-e', script], { cwd: '.', env: { MARK: 'a mark' }, timeoutMs });

describe('runProgram', () => {
  it('gives code, output and error output, and passes the environment on', async () => {
    const ran = await node('process.stdout.write(process.env.MARK); process.stderr.write("oh"); process.exitCode = 3');
    expect({ ...ran, stdout: Buffer.from(ran.stdout).toString() }).toEqual({
      code: 3,
      timedOut: false,
      stdout: 'a mark',
      stderr: 'oh',
    });
  });

  it('ends a program that takes too long', async () => {
    expect(await node('setInterval(() => {}, 1000)', 100)).toMatchObject({ code: undefined, timedOut: true });
  });

  it('rejects with ENOENT for a program that is not there', async () => {
    const running = runProgram('no-such-program-here', [], { cwd: '.', env: {}, timeoutMs: 1000 });
    await expect(running).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
