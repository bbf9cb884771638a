/**
 * One measurement of the audit bench, in a process of its own: `MODE FOLDER DRIFTS`, where MODE is unzip, ask or duckdb.
 * Writes seconds, what was found, and peak memory in MiB as JSON.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { AuditFiles } from '../src/attribution/cloudtrail/files.ts';
import { identifiersOf, RESOURCES, WINDOW } from './bench-audit-data.ts';

const [mode = 'ask', folder = '.', drifts = '50'] = process.argv.slice(2);
const count = Number(drifts);
const needles = Array.from({ length: count }, (_, i) => identifiersOf(i * Math.floor(RESOURCES / count))).flat();

const started = performance.now();
const found = mode === 'unzip' ? unzip() : mode === 'duckdb' ? await askDuckDb() : await ask();
const seconds = (performance.now() - started) / 1000;
const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
process.stdout.write(JSON.stringify({ seconds, found, peak }));

/** The least that any reading must do: one file after the other, on one thread. */
function unzip(): number {
  const lengths = readdirSync(folder).map((name) => gunzipSync(readFileSync(join(folder, name))).length);
  return lengths.reduce((sum, length) => sum + length, 0);
}

async function ask(): Promise<number> {
  const log = new AuditFiles({ paths: [folder], cwd: '/' });
  const question = { window: WINDOW, needles: new Set(needles), accounts: undefined, regions: undefined };
  return (await log.ask(question)).writes.length;
}

/** The same question: writes in whose request or response one of the names stands. */
async function askDuckDb(): Promise<number> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
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
