import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Io } from '../src/commands/io.ts';
import { runCli } from '../src/commands/program.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CASES = join(ROOT, 'fixtures/cases');
const STORIES = readdirSync(CASES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

/** Rules with an end are judged on this day; fixtures/cases/README.md names it. */
const NOW = new Date('2026-03-14T03:10:00.000Z');
const LARGEST_FILE = 60_000;
const DIGEST = /hmac-sha256:[^:"]+:[0-9a-f]+/g;

interface Change {
  readonly path: string;
  readonly op: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly sensitive: boolean;
}

/** The part of `driftbom.scan/v1` that is judgement: the rest (ids, times, versions, digests of inputs) is not compared. */
interface Judgement {
  readonly exitCode: number;
  readonly summary: Readonly<Record<string, number>>;
  readonly drifts: readonly {
    readonly address: string;
    readonly type: string;
    readonly kind: string;
    readonly cause: string;
    readonly changes: readonly Change[];
  }[];
  readonly gaps: readonly { readonly address: string; readonly reason: string; readonly path?: string }[];
  readonly ignored: readonly { readonly address: string; readonly path: string; readonly rule: string }[];
}

describe('stories', () => {
  for (const story of STORIES) {
    it(`judges "${story}" as written down`, async () => {
      const judgement = await judge(story);
      const file = join(CASES, story, 'expected.json');
      if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, `${JSON.stringify(judgement, null, 2)}\n`);
      expect(judgement).toEqual(readJson(file));
    });
  }

  it('are there in numbers, each with its README and files that one can read', () => {
    expect(STORIES.length).toBeGreaterThanOrEqual(24);
    for (const story of STORIES) {
      const folder = join(CASES, story);
      const lines = readFileSync(join(folder, 'README.md'), 'utf8').trim().split('\n');
      expect(lines[0], story).toMatch(/^# \S/);
      expect(lines.length, story).toBeGreaterThanOrEqual(3);
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        expect(statSync(join(folder, name)).size, `${story}/${name}`).toBeLessThan(LARGEST_FILE);
      }
    }
  });

  it('are none of them empty of judgement: resources were looked at, and each count is borne out', () => {
    for (const story of STORIES) {
      const { exitCode, summary, drifts, gaps, ignored } = readJson(join(CASES, story, 'expected.json')) as Judgement;
      expect(summary.resources, story).toBeGreaterThanOrEqual(2);
      expect(drifts.length, story).toBe((summary.changed ?? 0) + (summary.missing ?? 0) + (summary.unmanaged ?? 0));
      expect([gaps.length, ignored.length], story).toEqual([summary.gaps, summary.ignored]);
      expect(exitCode, story).toBe(drifts.length > 0 ? 2 : 0);
      for (const { kind, changes } of drifts) if (kind === 'changed') expect(changes, story).not.toEqual([]);
    }
  });

  it('pair what must be said with what must not: only the quiet ones find nothing', () => {
    const quiet = STORIES.filter(
      (story) => (readJson(join(CASES, story, 'expected.json')) as Judgement).exitCode === 0,
    );
    expect(quiet).toEqual(['right-after-apply']);
  });

  it('hold no secret in clear in what a scan says of them', () => {
    for (const story of STORIES)
      expect(readFileSync(join(CASES, story, 'expected.json'), 'utf8')).not.toContain('story-');
  });
});

function readJson(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** What is declared in a story: a plan, a project, several projects below, or a state alone. */
function targetsOf(folder: string): readonly string[] {
  const names = readdirSync(folder);
  if (names.includes('plan.json')) return ['plan.json'];
  const live = ['--live', 'snapshot:live.snapshot.json'];
  if (names.some((name) => name.endsWith('.tf') || name === 'cdk.tf.json')) return ['.', ...live];
  if (names.includes('terraform.tfstate')) return ['terraform.tfstate', ...live];
  return [...names.filter((name) => statSync(join(folder, name)).isDirectory()).sort(), ...live];
}

async function judge(story: string): Promise<Judgement> {
  const folder = join(CASES, story);
  let out = '';
  let err = '';
  const io: Io = {
    env: {},
    cwd: folder,
    homeDir: folder,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    clock: () => NOW,
    random: randomBytes,
    owner: { pid: process.pid, host: 'test', isAlive: () => true },
    outIsTerminal: false,
    errIsTerminal: false,
    columns: 100,
    packageRoot: ROOT,
    version: '0.0.0-test',
    build: async () => ({ sha256: null, reason: 'run from source' }),
    stdin: async () => new Uint8Array(),
    onInterrupt: () => () => {},
  };
  const exitCode = await runCli(['scan', ...targetsOf(folder), '--no-record', '-o', 'json=-'], io);
  if (out === '') throw new Error(`the scan of ${story} wrote nothing: ${err}`);
  const { summary, drifts, gaps, ignored } = JSON.parse(out, numberingDigests()) as Omit<Judgement, 'exitCode'>;
  return {
    exitCode,
    summary,
    drifts: drifts.map(({ address, type, kind, cause, changes }) => ({
      address,
      type,
      kind,
      cause,
      changes: changes.map(({ path, op, before, after, sensitive }) => ({ path, op, before, after, sensitive })),
    })),
    gaps: gaps.map(({ address, reason, path }) => ({ address, reason, ...(path === undefined ? {} : { path }) })),
    ignored: ignored.map(({ address, path, rule }) => ({ address, path, rule })),
  };
}

/**
 * Secrets are masked by a key that is made for each run where nothing is recorded. A number in the order of appearance
 * keeps what matters: which of them are equal.
 */
function numberingDigests(): (key: string, value: unknown) => unknown {
  const seen = new Map<string, string>();
  const numbered = (digest: string): string => {
    const known = seen.get(digest) ?? `hmac-sha256:secret-${seen.size + 1}`;
    seen.set(digest, known);
    return known;
  };
  return (_key, value) => (typeof value === 'string' ? value.replace(DIGEST, numbered) : value);
}
