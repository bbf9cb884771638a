import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { AuditFiles } from '../../../src/attribution/cloudtrail/files.ts';
import type { AuditAnswer } from '../../../src/attribution/port.ts';
import { folderWith } from '../../support/folder.ts';
import { issuingOf, keyOf, packed, questionOf, recordOf, trailText } from '../../support/trail.ts';

const source = fileURLToPath(new URL('../../../src/attribution/cloudtrail/log-worker.ts', import.meta.url));
let program: URL;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'driftbom-threads-'));
  const outfile = join(folder, 'log-worker.mjs');
  await build({ entryPoints: [source], outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'warning' });
  program = pathToFileURL(outfile);
  return () => rmSync(folder, { recursive: true, force: true });
});

/** A log of everything that a file can be. */
function logFolder(): string {
  const chained = issuingOf('ASIAEXAMPLE000000001', { readOnly: true });
  const files: { [name: string]: string | Uint8Array } = {
    'lines.ndjson': [recordOf(), recordOf({ eventName: 'ConsoleLogin' })].map((one) => JSON.stringify(one)).join('\n'),
    'pretty.json': JSON.stringify(
      { Records: [recordOf({ eventName: 'StopLogging', eventSource: 'cloudtrail.amazonaws.com' })] },
      null,
      2,
    ),
    'words.json': 'this is no log',
    'cut.json.gz': packed(trailText(Array.from({ length: 50 }, () => recordOf()))).subarray(0, 900),
    'deep.json': `[${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}]`,
    'proto.json': `[${JSON.stringify(recordOf()).replace('{"groupId"', '{"__proto__":{"x":1},"groupId"')}]`,
  };
  for (let hour = 0; hour < 12; hour++) {
    const stamp = `20260301T${String(hour).padStart(2, '0')}05Z`;
    files[keyOf(stamp)] = packed(
      trailText([
        chained,
        recordOf({ eventTime: `2026-03-01T${String(hour).padStart(2, '0')}:00:00Z` }),
        recordOf({ readOnly: true, eventName: 'ListIt' }),
      ]),
    );
  }
  return folderWith(files);
}

async function read(cwd: string, readers: { threads: number; program?: URL }): Promise<AuditAnswer> {
  return new AuditFiles({ paths: ['.'], cwd, readers: { least: 0, ...readers } }).ask(questionOf());
}

/** All that an answer says, the parsed records included, as text. */
function said({ writes, sessions, coverage }: AuditAnswer): string {
  const whole = (records: AuditAnswer['writes']): unknown => records.map((one) => [{ ...one }, one.json]);
  return JSON.stringify([whole(writes), whole(sessions), coverage]);
}

describe('threads that read a log', () => {
  it('give what one thread gives, byte for byte, whatever the files hold', async () => {
    const folder = logFolder();
    const alone = said(await read(folder, { threads: 1 }));
    expect(JSON.parse(alone)[0].length).toBeGreaterThan(12);
    expect(JSON.parse(alone)[2].gaps.length).toBeGreaterThan(2);
    for (const threads of [2, 3]) expect(said(await read(folder, { threads, program }))).toBe(alone);
  });

  it('that fail are done without: what they were to read is read all the same', async () => {
    const folder = logFolder();
    const broken = join(folder, 'broken.mjs');
    writeFileSync(broken, 'throw new Error("no")');
    const alone = said(await read(folder, { threads: 1 }));
    expect(said(await read(folder, { threads: 2, program: pathToFileURL(broken) }))).toBe(alone);
  });

  it('that end in the middle of their work leave nothing out', async () => {
    const folder = logFolder();
    const ending = join(folder, 'ending.mjs');
    writeFileSync(
      ending,
      `import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => process.exit(3));`,
    );
    const alone = said(await read(folder, { threads: 1 }));
    expect(said(await read(folder, { threads: 2, program: pathToFileURL(ending) }))).toBe(alone);
  });

  it('are not there where their program was not built', async () => {
    const folder = logFolder();
    const missing = pathToFileURL(join(folder, 'missing.mjs'));
    expect(said(await read(folder, { threads: 2, program: missing }))).toBe(said(await read(folder, { threads: 1 })));
  });
});
