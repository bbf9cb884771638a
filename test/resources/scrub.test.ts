import { describe, expect, it } from 'vitest';
import { scrubber } from '../../src/resources/scrub.ts';

describe('scrubber', () => {
  it('takes known secrets out of a text, the longer first', () => {
    const scrub = scrubber(['hunter22', 'hunter22-extended']);
    expect(scrub('sent hunter22-extended and hunter22')).toBe('sent (sensitive) and (sensitive)');
  });

  it('leaves short values alone, which stand in every text', () => {
    expect(scrubber(['1', 'true'])('1 of 11 is true')).toBe('1 of 11 is true');
  });
});
