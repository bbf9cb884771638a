import { formatProvider } from '../terraform/provider-address.ts';
import type { Line } from './snapshot-line.ts';

/** Instances under the resource blocks of a state; `module` goes before the address where workspaces share the file. */
export function stateBlocks(lines: readonly Line[], module: string | undefined): object[] {
  const blocks = new Map<string, { readonly instances: object[] }>();
  for (const line of lines) {
    if (line.kind !== 'found') continue;
    const { address, resource } = line;
    const within = [module, address.module].filter((part) => part !== undefined && part !== '').join('.');
    const provider = formatProvider({ module: [], source: resource.ref.provider, alias: undefined });
    const key = JSON.stringify([within, address.type, address.name]);
    const block = blocks.get(key) ?? {
      ...(within === '' ? {} : { module: within }),
      mode: 'managed',
      type: address.type,
      name: address.name,
      provider,
      instances: [] as object[],
    };
    block.instances.push({
      ...(address.key === undefined ? {} : { index_key: address.key }),
      schema_version: line.schemaVersion,
      attributes: line.attributes,
      sensitive_attributes: [],
    });
    blocks.set(key, block);
  }
  return [...blocks.values()];
}

/** What a state has no words for: notes on what was found, what was absent, what was not read and why. */
export function extras(lines: readonly Line[], scrub: (text: string) => string): object {
  return {
    notes: lines.flatMap((line) => (line.kind === 'found' && line.note !== undefined ? [line.note] : [])),
    absent: lines.flatMap(({ kind, resource: { ref } }) =>
      kind === 'absent' ? [{ address: ref.address, ...(ref.id === undefined ? {} : { id: ref.id }) }] : [],
    ),
    unread: lines.flatMap((line) =>
      line.kind === 'unread'
        ? [{ address: line.resource.ref.address, reason: line.reason, message: scrub(line.message) }]
        : [],
    ),
  };
}
