import type { BlockSchema } from '../model/schema.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { type Path, formatPath } from '../model/path.ts';
import { isArray, isMap, UNKNOWN } from '../model/value.ts';
import { typeOfBlock } from '../terraform/block-type.ts';
import { coerce } from '../terraform/coerce.ts';
import { encodeValue, ValueFault } from '../terraform/msgpack.ts';

/** Arguments of a provider block that are Terraform's own and never reach the provider. */
const META = ['version', 'alias'];

/**
 * Writes a provider block's arguments as the provider wants them: every attribute there, null where unset; a nested
 * block that is not there null or empty. Throws ValueFault where the provider has no such argument or it cannot hold
 * the value. Values must hold no unknown: see unknownIn.
 */
export function encodeConfiguration(values: ValueMap, block: BlockSchema): Uint8Array {
  const given = Object.keys(values).filter((name) => !META.includes(name));
  for (const name of given) {
    if (!Object.hasOwn(block.attributes, name) && !Object.hasOwn(block.blocks, name)) {
      throw new ValueFault(`${name} is not known to the provider`);
    }
  }
  return encodeValue(coerce(values, block), typeOfBlock(block));
}

/** The path of the first unknown value, as a user would write it. */
export function unknownIn(values: ValueMap): string | undefined {
  const path = findUnknown(values, []);
  return path === undefined ? undefined : formatPath(path);
}

function findUnknown(value: Value, at: Path): Path | undefined {
  if (value === UNKNOWN) return at;
  const members: (readonly [string | number, Value])[] = isArray(value)
    ? value.map((item, i) => [i, item] as const)
    : isMap(value)
      ? Object.entries(value)
      : [];
  for (const [step, member] of members) {
    const found = findUnknown(member, [...at, step]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Text leaves that may be secret: provider schemas do not mark them, so their names decide. */
export function secretsIn(values: ValueMap): string[] {
  return [...leaves(values, false)];
}

const SECRET_NAME = /secret|password|passwd|token|private|credential|access_key|api_key|passphrase/i;

function* leaves(value: Value, secret: boolean): Iterable<string> {
  if (typeof value === 'string' && secret) yield value;
  else if (isArray(value)) for (const item of value) yield* leaves(item, secret);
  else if (isMap(value)) {
    for (const [name, member] of Object.entries(value)) yield* leaves(member, secret || SECRET_NAME.test(name));
  }
}
