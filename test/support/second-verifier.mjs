// A second verifier of driftbom ledgers, written from docs/ledger-format.md alone: no line of driftbom, no dependency. It
// knows one entry key and one checkpoint key, and neither policies nor key entries.
// node second-verifier.mjs LEDGER entry.pem log.vkey [KEPT_CHECKPOINT...]: a line a fault; exit code 2 if there is any.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { as, Bad, keyIdOf, must, openEntry, parseVkey, utf8 } from './second-verifier/format.mjs';
import { Story } from './second-verifier/story.mjs';
import { checkTree, readHeads, readLog } from './second-verifier/tree.mjs';

/** Verifies the files of a ledger (Map of key to bytes). Gives the faults, each with its code and log index or null. */
export function verifyLedger(files, entryKeyPem, vkey, kept = []) {
  const faults = [];
  const fault = (index, code, message) => void faults.push({ index, code, message });
  const attempt = (index, work) => {
    try {
      return work();
    } catch (thrown) {
      fault(index, thrown instanceof Bad ? thrown.code : 'crash', thrown.message);
      return undefined;
    }
  };
  const told = { fault, attempt };
  checkKeyFiles(files, attempt);
  const { head, heads } = readHeads(files, parseVkey(vkey), kept, told);
  if (head === undefined) return faults;
  const { leaves, lines } = readLog(files, head.size, told);
  checkTree(files, leaves, head, heads, told);
  const story = new Story(files, fault);
  const trusted = [`sha256:${keyIdOf(entryKeyPem)}`];
  for (const [index, line] of lines.entries()) {
    const leaf = leaves[index];
    if (line === undefined) fault(index, 'payload-missing', '');
    const readable = line !== undefined && leaf !== undefined;
    const entry = readable ? attempt(index, () => openEntry(line, leaf, index, trusted, head.origin)) : undefined;
    attempt(index, () => story.tell(entry));
  }
  story.end();
  return faults;
}

function checkKeyFiles(files, attempt) {
  for (const [key, bytes] of files) {
    const [, use] = /^keys\/(entry|checkpoint)\//.exec(key) ?? [];
    if (use === undefined) continue;
    const name = () => (use === 'entry' ? `${keyIdOf(utf8(bytes))}.pem` : `${parseVkey(utf8(bytes)).id}.vkey`);
    attempt(null, () => as('key-file-wrong', () => must(key === `keys/${use}/${name()}`, 'format', key)));
  }
}

/** Every file of a folder by its key. */
export function readLedger(folder) {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const paths = found.map((one) => join(one.parentPath, one.name));
  return new Map(paths.map((path) => [relative(folder, path), readFileSync(path)]));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [ledger, pem, vkey, ...kept] = process.argv.slice(2);
  const read = (file) => readFileSync(file, 'utf8');
  const faults = verifyLedger(
    readLedger(ledger),
    read(pem),
    read(vkey),
    kept.map((file) => readFileSync(file)),
  );
  for (const { index, code, message } of faults) process.stdout.write(`${code} ${index ?? '-'} ${message}\n`);
  process.exitCode = faults.length === 0 ? 0 : 2;
}
