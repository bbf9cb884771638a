import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { trustOf } from '../../src/ledger/own-trust.ts';
import { formatEntryKey, type Trust } from '../../src/ledger/trust.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { storyLedger } from './export-world.ts';
import { finish, type Objects, type Wound, wounds } from './ledger-wounds.ts';

const ROOT = fileURLToPath(new URL('../../fixtures/ledgers', import.meta.url));

/** What stands in a wound.json beside the files that differ from the whole ledger. */
export type WoundRecord = Pick<Wound, 'name' | 'says' | 'code' | 'index'> & {
  readonly kept: boolean;
  readonly removed: readonly string[];
};

/** The ledger of fixtures/ledgers/whole, its keys, and the checkpoint that an auditor kept. */
export function wholeLedger(): { readonly objects: Objects; readonly trust: Trust; readonly kept: Uint8Array } {
  const text = (name: string): string => readFileSync(join(ROOT, 'trust', name), 'utf8');
  const files = ['entry.pem', 'log.vkey'].map((name) => ({ name, text: text(name) }));
  return {
    objects: readTree(join(ROOT, 'whole')),
    trust: trustOf(files),
    kept: readFileSync(join(ROOT, 'trust', 'kept')),
  };
}

/** The wounded ledgers: the whole one with some files replaced and some taken away. */
export function woundedLedgers(): { readonly wound: WoundRecord; readonly objects: Objects }[] {
  return readdirSync(join(ROOT, 'wounded'))
    .sort()
    .map((name) => {
      const overlay = readTree(join(ROOT, 'wounded', name));
      const wound = JSON.parse(Buffer.from(overlay.get('wound.json') as Uint8Array).toString()) as WoundRecord;
      overlay.delete('wound.json');
      const objects = new Map([...wholeLedger().objects, ...overlay]);
      for (const key of wound.removed) objects.delete(key);
      return { wound, objects };
    });
}

function readTree(folder: string): Objects {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return new Map(
    files.map((one) => {
      const path = join(one.parentPath, one.name);
      return [relative(folder, path).replaceAll(sep, '/'), readFileSync(path)];
    }),
  );
}

/** Makes all of fixtures/ledgers anew, with new keys whose private halves are forgotten. */
export async function writeLedgerFixtures(): Promise<void> {
  const ledger = await storyLedger();
  const { objects } = ledger.store as Ledger['store'] & { readonly objects: Objects };
  await finish(ledger, objects);
  for (const folder of ['whole', 'wounded', 'trust']) rmSync(join(ROOT, folder), { recursive: true, force: true });
  writeTree(join(ROOT, 'whole'), objects);
  const trust = new Map([
    ['entry.pem', Buffer.from(formatEntryKey(ledger.signer.publicKey))],
    ['log.vkey', Buffer.from(`${ledger.notary.vkey}\n`)],
    ['kept', Buffer.from(objects.get('checkpoint') as Uint8Array)],
  ]);
  writeTree(join(ROOT, 'trust'), trust);
  for (const wound of wounds(10)) await writeWound(wound, objects, ledger);
}

async function writeWound({ inflict, ...wound }: Wound, whole: Objects, ledger: Ledger): Promise<void> {
  const objects = new Map(whole);
  await inflict(objects, ledger);
  const changed = [...objects].filter(([key, bytes]) => !same(bytes, whole.get(key)));
  const removed = [...whole.keys()].filter((key) => !objects.has(key)).sort();
  const record: WoundRecord = { ...wound, kept: wound.kept ?? false, removed };
  const files = new Map([
    ...changed,
    ['wound.json', Buffer.from(`${JSON.stringify(record, undefined, 2)}\n`)] as const,
  ]);
  writeTree(join(ROOT, 'wounded', wound.name), files);
}

function same(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}

function writeTree(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [key, bytes] of files) {
    const path = join(folder, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
}
