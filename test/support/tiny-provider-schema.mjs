// Schemas of the tiny provider's resource types, in the shape of the protocol's messages.

const NESTING = { single: 1, list: 2, set: 3, map: 4, group: 5 };
const bytes = (type) => Buffer.from(JSON.stringify(type));

const attribute = (name, type, ...flags) => ({
  name,
  type: bytes(type),
  ...Object.fromEntries(flags.map((flag) => [flag, true])),
});
const nestedAttribute = (name, nesting, attributes, ...flags) => ({
  name,
  nested_type: { nesting: NESTING[nesting], attributes },
  ...Object.fromEntries(flags.map((flag) => [flag, true])),
});
const block = (type_name, nesting, attributes, limits = {}) => ({
  type_name,
  nesting: NESTING[nesting],
  block: { attributes },
  ...limits,
});
const schema = (version, attributes, block_types = []) => ({ version, block: { attributes, block_types } });

export const providerSchema = schema(
  0,
  [
    attribute('region', 'string', 'optional'),
    attribute('token', 'string', 'optional', 'sensitive'),
    attribute('retries', 'number', 'optional'),
    attribute('tags', ['map', 'string'], 'optional'),
  ],
  [block('assume', 'list', [attribute('role', 'string', 'required')], { max_items: 1 })],
);

/** Version 1: what version 0 called `title` is `name` now. */
const server = schema(
  1,
  [
    attribute('id', 'string', 'computed'),
    attribute('name', 'string', 'required'),
    attribute('size', 'number', 'optional'),
    attribute('enabled', 'bool', 'optional', 'computed'),
    attribute('labels', ['map', 'string'], 'optional'),
    attribute('ports', ['set', 'number'], 'optional'),
    attribute('policy', 'string', 'optional'),
    attribute('password', 'string', 'optional', 'sensitive'),
    attribute('updated_at', 'string', 'computed'),
  ],
  [
    block('rules', 'set', [attribute('port', 'number', 'required'), attribute('cidr', 'string', 'optional')]),
    block('disk', 'list', [attribute('size', 'number', 'optional'), attribute('encrypted', 'bool', 'optional')], {
      max_items: 1,
    }),
  ],
);

const rule = schema(0, [
  attribute('id', 'string', 'computed'),
  attribute('server', 'string', 'required'),
  attribute('port', 'number', 'required'),
]);

const number = schema(0, [
  attribute('id', 'string', 'computed'),
  attribute('big', 'number', 'optional'),
  attribute('anything', 'dynamic', 'optional'),
]);

/** Protocol 6 only: attributes that have attributes of their own. */
const nested = schema(0, [
  attribute('id', 'string', 'computed'),
  nestedAttribute('settings', 'single', [attribute('mode', 'string', 'optional')], 'optional'),
  nestedAttribute(
    'endpoints',
    'list',
    [attribute('host', 'string', 'required'), attribute('key', 'string', 'optional', 'sensitive', 'write_only')],
    'optional',
  ),
]);

export function resourceSchemas(protocol) {
  const common = { tiny_server: server, tiny_rule: rule, tiny_number: number };
  return protocol === 6 ? { ...common, tiny_nested: nested } : common;
}

/** An empty object of a type: every attribute null, every list or set of blocks empty. */
export function emptyOf({ block: { attributes, block_types } }) {
  return Object.fromEntries([
    ...attributes.map(({ name }) => [name, null]),
    ...(block_types ?? []).map(({ type_name, nesting }) => [type_name, nesting === NESTING.single ? null : []]),
  ]);
}
