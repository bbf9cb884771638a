import type { DeclaredResource, LiveAnswer } from '../model/resource.ts';
import type { ResourceSchema } from '../model/schema.ts';
import type { Value, ValueMap } from '../model/value.ts';
import { hasUnknown, isMap, sameValue } from '../model/value.ts';
import { secretPaths } from '../resources/secrets.ts';
import { coerce } from '../terraform/coerce.ts';
import { parseAddress } from '../terraform/instance-address.ts';
import type { InstanceAddress } from '../terraform/instance-address.ts';
import { omitSecrets } from './snapshot-secrets.ts';

/** One answer as it will be written. */
export type Line =
  | {
      readonly kind: 'found';
      readonly resource: DeclaredResource;
      readonly address: InstanceAddress;
      readonly schemaVersion: number;
      readonly attributes: Value;
      /** Undefined where there is nothing that a state cannot say. */
      readonly note: { readonly [key: string]: unknown } | undefined;
    }
  | { readonly kind: 'absent'; readonly resource: DeclaredResource }
  | { readonly kind: 'unread'; readonly resource: DeclaredResource; readonly reason: string; readonly message: string };

/** Reduces an answer to what a snapshot says of it; from here on there is no secret in it. */
export function lineOf(answer: LiveAnswer): Line {
  const { resource } = answer;
  if (answer.kind !== 'found') return answer;
  const address = parseAddress(resource.ref.address);
  if (address === undefined || !isMap(answer.live) || hasUnknown(answer.live)) {
    return { kind: 'unread', resource, reason: 'undecodable', message: 'its live value has no place in a state' };
  }
  const { live, schema } = answer;
  const secrets = secretPaths(live, schema, resource.state?.sensitive ?? [], resource.ref.type);
  // The declared side is looked up again in its typed form: that is the one that a replay has.
  const { value, omitted } = omitSecrets(live, typedBy(schema, answer.prior), secrets);
  const schemaVersion = schema?.version ?? resource.state?.schemaVersion ?? 0;
  const note = {
    ...(live.id === resource.ref.id || resource.ref.id === undefined ? {} : { declaredId: resource.ref.id }),
    ...(resource.state === undefined || resource.state.schemaVersion === schemaVersion
      ? {}
      : { stateVersion: resource.state.schemaVersion }),
    ...someOf('upgraded', upgradedAttributes(answer)),
    ...(omitted.length === 0 ? {} : { omitted }),
  };
  return {
    kind: 'found',
    resource,
    address,
    schemaVersion,
    attributes: value,
    note: Object.keys(note).length === 0 ? undefined : { address: resource.ref.address, ...note },
  };
}

/** What the provider's state upgrade did to the state beyond its types; without it a replay would compare otherwise. */
function upgradedAttributes(answer: LiveAnswer & { kind: 'found' }): ValueMap {
  const { prior, schema, resource } = answer;
  const upgraded: Record<string, Value> = Object.create(null);
  if (!isMap(prior) || resource.state === undefined) return upgraded;
  const plain = typedBy(schema, resource.state.attributes) as ValueMap;
  const secret = new Set(
    secretPaths(prior, schema, resource.state.sensitive, resource.ref.type).map((path) => path[0] ?? ''),
  );
  for (const [name, value] of Object.entries(typedBy(schema, prior) as ValueMap)) {
    const same = sameValue(value, Object.hasOwn(plain, name) ? plain[name] : undefined);
    if (!same && !secret.has(name) && !hasUnknown(value)) upgraded[name] = value;
  }
  return upgraded;
}

function typedBy(schema: ResourceSchema | undefined, value: Value): Value {
  return schema === undefined ? value : coerce(value, schema.block);
}

function someOf(key: string, map: ValueMap): { readonly [key: string]: ValueMap } {
  return Object.keys(map).length === 0 ? {} : { [key]: map };
}
