import type { Value, ValueMap } from '../model/value.ts';
import { UNKNOWN } from '../model/value.ts';
import type { InstanceKey, ModulePath } from '../terraform/address.ts';
import type { Scope } from '../terraform/expression-scope.ts';
import { evaluate } from '../terraform/expression.ts';
import { convertTo, declaredVariables } from '../terraform/variables.ts';
import type { Block, ModuleSource } from './configuration-body.ts';
import { blocksOf, mergedBlocks } from './configuration-body.ts';
import type { Instance } from './configuration-expand.ts';
import { expand, instanceScope } from './configuration-expand.ts';
import type { StateValues } from './configuration-state-values.ts';

/** What all modules of one evaluation share. */
export interface Surroundings {
  readonly state: StateValues;
  /** What `terraform.workspace` gives. */
  readonly terraformWorkspace: string;
  /** Whether sensitive variables have their values; else they are UNKNOWN. */
  readonly reveal: boolean;
}

/** Names of one module instance, each evaluated when it is first asked for. A loop of names is UNKNOWN. */
export class ModuleScope implements Scope {
  readonly source: ModuleSource;
  readonly path: ModulePath;
  readonly #around: Surroundings;
  readonly #given: (name: string) => Value | undefined;
  readonly #locals: ValueMap;
  readonly #variables: ReturnType<typeof declaredVariables>;
  readonly #blocks: ReadonlyMap<string, Block>;
  readonly #known = new Map<string, Value>();
  readonly #children = new Map<string, ModuleScope>();

  /** `given` gives the value passed for a variable, undefined where none was. */
  constructor(
    source: ModuleSource,
    path: ModulePath,
    around: Surroundings,
    given: (name: string) => Value | undefined,
  ) {
    this.source = source;
    this.path = path;
    this.#around = around;
    this.#given = given;
    this.#locals = mergedBlocks(source.body, 'locals');
    this.#variables = declaredVariables(
      blocksOf(source.body, 'variable', 1).map((one) => [one.labels[0] ?? '', one.body]),
    );
    this.#blocks = new Map(
      [
        ...blocksOf(source.body, 'resource', 2),
        ...blocksOf(source.body, 'data', 2).map((one) => ({ ...one, labels: ['data', ...one.labels] })),
        ...blocksOf(source.body, 'module', 1).map((one) => ({ ...one, labels: ['module', ...one.labels] })),
        ...blocksOf(source.body, 'output', 1).map((one) => ({ ...one, labels: ['output', ...one.labels] })),
      ].map((one) => [one.labels.join('.'), one]),
    );
  }

  get(root: string, name: string): Value {
    const key = `${root}.${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, UNKNOWN);
    const value = this.#find(root, name);
    this.#known.set(key, value);
    return value;
  }

  /** Instances of a resource or module block; where count or for_each cannot be told, those that the state knows. */
  instances(
    body: ValueMap,
    remembered: Iterable<InstanceKey>,
  ): { readonly certain: boolean; readonly list: readonly Instance[] } {
    const list = expand(body, this);
    if (list !== undefined) return { certain: true, list };
    return { certain: false, list: [...remembered].map((key) => ({ key, value: UNKNOWN })) };
  }

  /** Keys under which the state knows a resource of this module. */
  rememberedKeys(type: string, name: string): Iterable<InstanceKey> {
    return this.#around.state.instances(this.path, 'managed', type, name).keys();
  }

  /** The scopes of a module call's instances. Empty where the module was not read. */
  called(call: string): readonly ModuleScope[] {
    const block = this.#blocks.get(`module.${call}`);
    if (block === undefined) return [];
    const { list } = this.instances(block.body, this.#around.state.moduleKeys(this.path, call));
    return list.map((instance) => this.#child(call, block.body, instance)).filter((child) => child !== undefined);
  }

  #find(root: string, name: string): Value {
    switch (root) {
      case 'var':
        return this.#variable(name);
      case 'local':
        return Object.hasOwn(this.#locals, name) ? evaluate(this.#locals[name] ?? null, this) : UNKNOWN;
      case 'path':
        return name === 'module' ? this.source.path : name === 'root' ? '.' : UNKNOWN;
      case 'terraform':
      case 'tofu':
        return name === 'workspace' ? this.#around.terraformWorkspace : UNKNOWN;
      case 'module':
        return this.#module(name);
      case 'data':
        return lazyMap(this.#named(`data.${name}.`), (block) => this.#object('data', name, block));
      default:
        return this.#object('managed', root, name);
    }
  }

  #variable(name: string): Value {
    const declared = this.#variables.get(name);
    if (declared === undefined || (declared.sensitive && !this.#around.reveal)) return UNKNOWN;
    const given = this.#given(name);
    if (given === undefined || (given === null && !declared.nullable)) return declared.fallback;
    return convertTo(declared.type, given);
  }

  #named(prefix: string): string[] {
    return [...this.#blocks.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }

  /** One object, or a list or a map of the block's instances, as its count or for_each says. */
  #object(mode: 'managed' | 'data', type: string, name: string): Value {
    const block = this.#blocks.get(`${mode === 'data' ? 'data.' : ''}${type}.${name}`);
    if (block === undefined) return UNKNOWN;
    const objects = this.#around.state.instances(this.path, mode, type, name);
    const expanded = expand(block.body, this);
    return expanded === undefined ? UNKNOWN : gathered(expanded, (key) => objects.get(key) ?? UNKNOWN);
  }

  #module(call: string): Value {
    const block = this.#blocks.get(`module.${call}`);
    const expanded = block === undefined ? undefined : expand(block.body, this);
    if (block === undefined || expanded === undefined || !this.source.children.has(call)) return UNKNOWN;
    const byKey = new Map(expanded.map((instance) => [instance.key, instance]));
    return gathered(expanded, (key) => {
      const instance = byKey.get(key);
      const child = instance === undefined ? undefined : this.#child(call, block.body, instance);
      return child === undefined ? UNKNOWN : lazyMap(child.#named('output.'), (output) => child.#output(output));
    });
  }

  #output(name: string): Value {
    const block = this.#blocks.get(`output.${name}`)?.body;
    if (block === undefined || (block.sensitive === true && !this.#around.reveal)) return UNKNOWN;
    return evaluate(block.value ?? null, this);
  }

  #child(call: string, body: ValueMap, instance: Instance): ModuleScope | undefined {
    const source = this.source.children.get(call);
    if (source === undefined) return undefined;
    const path = [...this.path, { name: call, key: instance.key }];
    const id = JSON.stringify([call, instance.key ?? null]);
    const known = this.#children.get(id);
    if (known !== undefined) return known;
    const inside = instanceScope(this, instance);
    const child = new ModuleScope(source, path, this.#around, (name) => {
      return Object.hasOwn(body, name) ? evaluate(body[name] ?? null, inside) : undefined;
    });
    this.#children.set(id, child);
    return child;
  }
}

/** What a reference to a block with these instances gives: an object, a tuple, or an object of objects. */
function gathered(instances: readonly Instance[], lookUp: (key: InstanceKey) => Value): Value {
  const [first] = instances;
  if (first !== undefined && first.key === undefined) return lookUp(undefined);
  if (first === undefined || typeof first.key === 'number') return instances.map((one) => lookUp(one.key));
  return lazyMap(
    instances.map((one) => String(one.key)),
    lookUp,
  );
}

/** A map whose values are evaluated when they are looked at: one output may hang on another of the same module. */
function lazyMap(keys: readonly string[], lookUp: (key: string) => Value): ValueMap {
  const map: { [key: string]: Value } = Object.create(null);
  for (const key of keys) Object.defineProperty(map, key, { enumerable: true, get: () => lookUp(key) });
  return map;
}
