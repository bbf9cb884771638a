import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { patches } from '../../src/resources/aws/patches.ts';
import { isScalingCount } from '../../src/resources/scaling.ts';

const require = createRequire(import.meta.url);
const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());

/** The interface in which the provider's published bindings declare what a type, or a block of it, can be given. */
function settable(type: string, block: string | undefined): string {
  const folder = type.replace(/^aws_/, '').replaceAll('_', '-');
  const text = readFileSync(require.resolve(`@cdktf/provider-aws/lib/${folder}/index.d.ts`), 'utf8');
  const name = block === undefined ? 'Config' : camel(`_${block}`);
  return new RegExp(`^export interface \\w+${name} (?:extends [\\w.]+ )?\\{[\\s\\S]*?^\\}`, 'm').exec(text)?.[0] ?? '';
}

describe.each(Object.entries(patches))(
  'the patches of %s',
  (type, { typeName, properties, unset = {}, mayDrop = [] }) => {
    it('name a type and properties as Cloud Control does, each once', () => {
      expect(typeName).toMatch(/^AWS::[A-Z][A-Za-z0-9]+::[A-Z][A-Za-z0-9]+$/);
      const names = Object.values(properties);
      expect(names.length).toBeGreaterThan(0);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^[A-Z][A-Za-z0-9]+$/);
      expect(names.filter((name) => mayDrop.includes(name))).toEqual([]);
      expect(Object.keys(unset).filter((name) => !Object.hasOwn(properties, name))).toEqual([]);
    });

    it.each(Object.keys(properties))('are of a scalar that the provider lets be set: %s', (attribute) => {
      const [, block, name] = /^(?:(\w+)\[0\]\.)?(\w+)$/.exec(attribute) ?? [];
      expect(settable(type, block)).toMatch(
        new RegExp(`readonly ${camel(name ?? '')}\\??: (?:string|number|boolean \\| cdktf\\.IResolvable);`),
      );
    });

    it('never put back a count that carries load', () => {
      expect(Object.keys(properties).filter((attribute) => isScalingCount(type, attribute))).toEqual([]);
    });
  },
);
