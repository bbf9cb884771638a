import { describe, expect, it } from 'vitest';
import { partMember } from '../../src/attribution/member.ts';

describe('members of records', () => {
  it('are one object for the same way, and tell an index from a name', () => {
    const list = partMember('requestParameters').to('items');
    expect(list.item(0).to('fromPort').at).toBe('requestParameters.items[0].fromPort');
    expect(list.item(0).to('fromPort').names).toEqual(['items', 'fromPort']);
    expect(list.to('0').at).toBe('requestParameters.items.0');
    expect(partMember('requestParameters').to('items')).toBe(list);
    expect(list.item(1)).toBe(list.item(1));
  });

  it('are called as what wraps them is, and apart from a member of that name', () => {
    const set = partMember('requestParameters').to('tagSet');
    expect(set.through('items')).toMatchObject({ names: ['tagSet'], at: 'requestParameters.tagSet.items' });
    expect(set.to('items')).toMatchObject({ names: ['tagSet', 'items'], at: 'requestParameters.tagSet.items' });
    expect(set.through('items')).toBe(set.through('items'));
  });

  it('are called as the key says, where they are the value of a pair', () => {
    const value = partMember('requestParameters').to('tagSet').item(2).to('value');
    expect(value.called('Owner')).toMatchObject({
      names: ['tagSet', 'Owner'],
      at: 'requestParameters.tagSet[2].value',
    });
    expect(value.called('Owner')).toBe(value.called('Owner'));
    expect(value.called('Owner').path).toBe(['tagSet', 'Owner'].join('\u0000'));
  });

  it('know which names are those of a pair', () => {
    const tag = partMember('requestParameters').to('tag');
    expect(tag.to('key').asKey).toBeLessThan(tag.to('Name').asKey);
    expect(tag.to('value').asValue).toBeLessThan(tag.to('values').asValue);
    expect([tag.to('value').asKey, tag.to('key').asValue]).toEqual([Infinity, Infinity]);
  });

  it('stay right when a log has more names than are kept', () => {
    const held = partMember('responseElements').to('held');
    for (let i = 0; i < 50; i++) {
      const long = `${i}${'x'.repeat(60_000)}`;
      partMember('responseElements').to(long).to('inner');
      partMember('responseElements').to('value').called(long).through(long).item(i);
    }
    expect(held.item(1)).toMatchObject({ names: ['held'], at: 'responseElements.held[1]' });
    expect(partMember('responseElements').to('held').at).toBe('responseElements.held');
  });
});
