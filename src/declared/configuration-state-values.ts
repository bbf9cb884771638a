import type { Path } from '../model/path.ts';
import type { Value } from '../model/value.ts';
import { isArray, isMap, UNKNOWN } from '../model/value.ts';
import { secretPaths } from '../resources/secrets.ts';
import type { InstanceKey, ModulePath } from '../terraform/address.ts';
import { formatModule } from '../terraform/address.ts';
import { unwrapped } from '../terraform/state-dynamic.ts';
import type { StateBlock, StateFile } from '../terraform/state-file.ts';

/** What the state remembers of resources and data sources, for references to their attributes. */
export interface StateValues {
  /** Attributes of one block's instances by key. Empty where the state has none. */
  instances(module: ModulePath, mode: 'managed' | 'data', type: string, name: string): ReadonlyMap<InstanceKey, Value>;
  /** Keys under which the state knows a module call's instances. */
  moduleKeys(parent: ModulePath, call: string): readonly InstanceKey[];
}

/**
 * Indexes a state; a block's values are made when they are first asked for. `reveal` gives sensitive attributes too
 * (provider configurations need them); otherwise what is marked, named or looks like a secret is UNKNOWN, so that it
 * never moves to an attribute where nothing tells that it is one.
 */
export function stateValues(file: StateFile | undefined, reveal: boolean): StateValues {
  const blocks = new Map<string, StateBlock[]>();
  const calls = new Map<string, Set<InstanceKey>>();
  for (const block of file?.blocks ?? []) {
    const key = blockKey(formatModule(block.module), block.mode, block.type, block.name);
    blocks.set(key, [...(blocks.get(key) ?? []), block]);
    block.module.forEach((step, i) => {
      const parent = `${formatModule(block.module.slice(0, i))} ${step.name}`;
      calls.set(parent, (calls.get(parent) ?? new Set()).add(step.key));
    });
  }
  const made = new Map<string, ReadonlyMap<InstanceKey, Value>>();
  return {
    instances(module, mode, type, name) {
      const key = blockKey(formatModule(module), mode, type, name);
      const objects = made.get(key) ?? objectsOf(blocks.get(key) ?? [], reveal);
      made.set(key, objects);
      return objects;
    },
    moduleKeys: (parent, call) => [...(calls.get(`${formatModule(parent)} ${call}`) ?? [])],
  };
}

function blockKey(module: string, mode: string, type: string, name: string): string {
  return `${module} ${mode} ${type}.${name}`;
}

function objectsOf(blocks: readonly StateBlock[], reveal: boolean): Map<InstanceKey, Value> {
  const objects = new Map<InstanceKey, Value>();
  for (const { type, objects: known } of blocks) {
    for (const object of known) {
      if (object.deposed !== undefined || object.attributes === undefined) continue;
      const plain = unwrapped(object.attributes);
      const secrets = reveal ? [] : secretPaths(plain, undefined, object.sensitive, type);
      objects.set(object.key, secrets.reduce(hide, plain));
    }
  }
  return objects;
}

function hide(value: Value, path: Path): Value {
  const [step, ...rest] = path;
  if (step === undefined) return UNKNOWN;
  if (isArray(value) && typeof step === 'number') {
    return value.map((item, i) => (i === step ? hide(item, rest) : item));
  }
  // The path goes on into a document inside the text: all of the text is left out.
  if (typeof value === 'string') return UNKNOWN;
  if (!isMap(value) || !Object.hasOwn(value, step)) return value;
  return Object.assign(Object.create(null), value, { [step]: hide(value[step] ?? null, rest) });
}
