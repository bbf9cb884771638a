import { describe, expect, it, vi } from 'vitest';
import { UNKNOWN } from '../../src/model/value.ts';
import { parseHcl } from '../../src/terraform/hcl.ts';

describe('parseHcl', () => {
  it('gives the shape of JSON configuration, every block in an array', async () => {
    const body = await parseHcl('resource "aws_x" "y" {\n  a = var.b\n  rule {\n    c = 1\n  }\n}\n', 'main.tf');
    expect(body).toEqual({ resource: { aws_x: { y: [{ a: ['$', '{var.b}'].join(''), rule: [{ c: 1 }] }] } } });
  });

  it('reads a file that comes while the idle parser is being ended', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await parseHcl('a = 1\n', 'first.tf');
      vi.advanceTimersByTime(60_000);
      expect(await parseHcl('a = 2\n', 'second.tf')).toEqual({ a: 2 });
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not know a whole number that the parser may have rounded', async () => {
    const body = await parseHcl('locals {\n  big = 9007199254740993\n  fine = 1.5\n}\n', 'main.tf');
    expect(body).toEqual({ locals: [{ big: UNKNOWN, fine: 1.5 }] });
  });

  it('names file, line and column of a fault once, by the name that it was given', async () => {
    const broken = parseHcl('resource "a" "b" {\n  x = 1 2\n}\nfoo bar\n', 'modules/a [1], x: y/main.tf');
    await expect(broken).rejects.toMatchObject({
      code: 'E_HCL',
      message: expect.stringMatching(/^modules\/a \[1\], x: y\/main\.tf:2:9: Missing newline after argument/),
    });
    await expect(broken).rejects.not.toMatchObject({ message: expect.stringContaining('file.tf') });
  });

  it('keeps a key named __proto__ as data', async () => {
    const body = await parseHcl('locals {\n  __proto__ = 1\n}\n', 'main.tf');
    expect(Object.keys((body.locals as { [key: string]: unknown }[])[0] ?? {})).toEqual(['__proto__']);
  });

  it('takes an empty file', async () => {
    expect(await parseHcl('', 'main.tf')).toEqual({});
  });
});
