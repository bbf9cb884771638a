import { describe, expect, it } from 'vitest';
import { NO_MEMBER } from '../../src/attribution/member-path.ts';

describe('paths of members', () => {
  it('are one object for the same names', () => {
    expect(NO_MEMBER.to('tagSet').to('key')).toBe(NO_MEMBER.to('tagSet').to('key'));
    expect(NO_MEMBER.to('tagSet').to('key').names).toEqual(['tagSet', 'key']);
  });

  it('stay right when a log has more names than are kept', () => {
    const held = NO_MEMBER.to('held');
    for (let i = 0; i < 50; i++) NO_MEMBER.to(`${i}${'x'.repeat(60_000)}`).to('inner');
    expect(held.to('inner').names).toEqual(['held', 'inner']);
    expect(NO_MEMBER.to('held').to('inner').text).toBe(held.to('inner').text);
  });
});
