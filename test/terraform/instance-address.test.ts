import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, formatModule } from '../../src/terraform/address.ts';
import { parseAddress } from '../../src/terraform/instance-address.ts';

const name = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,8}$/);
const key = fc.option(
  fc.oneof(
    fc.nat(),
    fc.string({ unit: fc.constantFrom('a', '.', '"', '\\', '[', ']', '$', '{', '}', '%', ' ', '\n', 'ü', '\u0001') }),
  ),
  { nil: undefined },
);
const module = fc.array(fc.record({ name, key }), { maxLength: 3 }).map(formatModule);

describe('parseAddress', () => {
  it('is the inverse of formatAddress, whatever stands in the keys', () => {
    fc.assert(
      fc.property(module, name, name, key, (within, type, own, instance) => {
        const address = formatAddress(within, type, own, instance);
        expect(parseAddress(address)).toEqual({ module: within, type, name: own, key: instance });
      }),
    );
  });

  it.each([
    '',
    'aws_vpc',
    'aws_vpc.',
    'module.a',
    'a.b.c',
    'aws_vpc.main[x]',
    'aws_vpc.main["a]',
    'aws_vpc.main[0][1]',
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});
