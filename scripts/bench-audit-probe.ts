/**
 * One measurement of the audit bench, in a process of its own: `MODE FOLDER DRIFTS THREADS`, where MODE is unzip, ask,
 * attribute or duckdb. Writes seconds, what was found, and peak memory in MiB as JSON.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { attribute } from '../src/attribution/attribute.ts';
import { AuditFiles } from '../src/attribution/cloudtrail/files.ts';
import type { AuditAnswer } from '../src/attribution/port.ts';
import { whoResolver } from '../src/attribution/who/actor.ts';
import { identifiersOf, RESOURCES, WINDOW } from './bench-audit-data.ts';
import { driftOf } from './bench-audit-drifts.ts';

const [mode = 'ask', folder = '.', drifts = '50', threads = '1'] = process.argv.slice(2);
const count = Number(drifts);
const resources = Array.from({ length: count }, (_, i) => i * Math.floor(RESOURCES / count));
const needles = resources.flatMap(identifiersOf);
const questions = resources.map(driftOf);

const started = performance.now();
const found = await work();
const seconds = (performance.now() - started) / 1000;
const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
process.stdout.write(JSON.stringify({ seconds, found, peak }));

function work(): Promise<number> {
  if (mode === 'unzip') return unzip();
  if (mode === 'duckdb') return askDuckDb();
  return mode === 'attribute' ? answer() : ask();
}

/** The least that any reading must do: one file after the other, on one thread, in parts of the size that is fastest here. */
async function unzip(): Promise<number> {
  const lengths = readdirSync(folder).map(
    (name) => gunzipSync(readFileSync(join(folder, name)), { chunkSize: 1 << 18 }).length,
  );
  return lengths.reduce((sum, length) => sum + length, 0);
}

function asked(): Promise<AuditAnswer> {
  const log = new AuditFiles({ paths: [folder], cwd: '/', readers: { threads: Number(threads) } });
  return log.ask({ window: WINDOW, needles: new Set(needles), accounts: undefined, regions: undefined });
}

async function ask(): Promise<number> {
  return (await asked()).writes.length;
}

/** From the files to an answer for each drift; gives how many calls were held against them. */
async function answer(): Promise<number> {
  const log = await asked();
  const who = whoResolver((text) => text);
  const answers = attribute(questions, log, { redact: () => 'hmac-sha256:bench:00', who });
  return answers.reduce((sum, { considered }) => sum + considered.length, 0);
}

/** The same question: writes in whose request or response one of the names stands. */
async function askDuckDb(): Promise<number> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run('CREATE TABLE needle (id VARCHAR)');
  const appender = await connection.createAppender('needle');
  for (const needle of needles) {
    appender.appendVarchar(needle);
    appender.endRow();
  }
  appender.closeSync();
  const answer = await connection.runAndReadAll(`
    SELECT count(DISTINCT id) FROM (
      SELECT e.eventID AS id, unnest(regexp_extract_all(
        coalesce(e.requestParameters::VARCHAR, '') || ' ' || coalesce(e.responseElements::VARCHAR, ''),
        '[A-Za-z0-9:/_.-]{4,}')) AS token
      FROM (SELECT unnest(Records) AS e FROM read_json('${folder}/*.gz', maximum_object_size = 33554432, columns = {
        Records: 'STRUCT(eventID VARCHAR, readOnly BOOLEAN, requestParameters JSON, responseElements JSON)[]'}))
      WHERE NOT e.readOnly)
    WHERE token IN (SELECT id FROM needle)`);
  return Number(answer.getRows()[0]?.[0]);
}
