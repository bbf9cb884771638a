import { describe, expect, it } from 'vitest';
import { placeOfPart } from '../../src/attribution/member-place.ts';

describe('places of members', () => {
  it('are one text for the same way, and tell an index from a name', () => {
    const list = placeOfPart('requestParameters').to('items');
    expect(list.to(0).to('fromPort').text).toBe('requestParameters.items[0].fromPort');
    expect(list.to('0').text).toBe('requestParameters.items.0');
    expect(placeOfPart('requestParameters').to('items')).toBe(list);
  });

  it('stay right when a log has more names than are kept', () => {
    const held = placeOfPart('responseElements').to('held');
    for (let i = 0; i < 50; i++) placeOfPart('responseElements').to(`${i}${'x'.repeat(60_000)}`);
    expect(held.to(1).text).toBe('responseElements.held[1]');
    expect(placeOfPart('responseElements').to('held').text).toBe('responseElements.held');
  });
});
