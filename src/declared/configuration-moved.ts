import type { ValueMap } from '../model/value.ts';
import type { ModulePath } from '../terraform/address.ts';
import { formatModule } from '../terraform/address.ts';
import { blocksOf, referenceText } from './configuration-body.ts';

/**
 * Says at which older addresses the state may still know an object that the configuration has at this address: by
 * `moved` blocks, and by count that came or went, which Terraform follows by itself.
 * Source: Terraform language, "Refactoring".
 */
export class Moves {
  readonly #moves: (readonly [from: string, to: string])[] = [];

  /** Takes the `moved` blocks of one module instance. */
  add(body: ValueMap, path: ModulePath): void {
    const module = formatModule(path);
    const prefix = module === '' ? '' : `${module}.`;
    for (const { body: block } of blocksOf(body, 'moved', 0)) {
      const from = referenceText(block.from);
      const to = referenceText(block.to);
      if (from !== undefined && to !== undefined) this.#moves.push([`${prefix}${from}`, `${prefix}${to}`]);
    }
  }

  /** Older addresses, the newest first. Chains of moves are followed; a loop ends them. */
  olderAddresses(address: string): string[] {
    const found = new Set<string>();
    const queue = [address];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      for (const older of this.#before(next)) {
        if (found.has(older) || older === address) continue;
        found.add(older);
        queue.push(older);
      }
    }
    return [...found];
  }

  *#before(address: string): Iterable<string> {
    for (const [from, to] of this.#moves) {
      const rest = address.slice(to.length);
      if (address.startsWith(to) && (rest === '' || rest.startsWith('[') || rest.startsWith('.')))
        yield `${from}${rest}`;
    }
    if (address.endsWith('[0]')) yield address.slice(0, -'[0]'.length);
    else if (!address.endsWith(']')) yield `${address}[0]`;
  }
}
