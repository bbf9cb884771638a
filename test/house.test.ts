import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name}`)
  .sort();

interface Import {
  readonly from: string;
  readonly to: string;
}

const source = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
const imports: Import[] = files.flatMap((from) => {
  const text = source.get(from) as string;
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g,
  );
  return [...found].map((match) => {
    const name = (match[1] ?? match[2] ?? match[3]) as string;
    return { from, to: name.startsWith('.') ? normalize(join(dirname(from), name)) : name };
  });
});

/** The room that a file belongs to: a folder of src, or the name of a file at its top. */
function roomOf(path: string): string {
  const [, first, second] = path.split('/');
  if (second !== undefined) return first as string;
  return (first as string).replace(/\.ts$/, '').replace(/-.*/, '');
}

/** Who may know whom: every import between rooms that is not listed here is a fault. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  model: [],
  terraform: ['model'],
  resources: ['model'],
  compare: ['model', 'resources', 'terraform'],
  declared: ['model', 'resources', 'terraform'],
  live: ['model', 'resources', 'terraform'],
  attribution: ['model', 'resources', 'terraform', 'compare'],
  ledger: ['model'],
  record: ['model', 'resources'],
  rules: ['model', 'resources', 'terraform'],
  compliance: ['model', 'resources'],
  incident: ['model', 'resources'],
  report: ['model', 'compliance', 'incident', 'rules'],
  config: ['model', 'rules'],
  scan: ['model', 'resources', 'compare', 'declared', 'live', 'attribution', 'rules'],
  wire: [
    'model',
    'resources',
    'terraform',
    'compare',
    'declared',
    'live',
    'attribution',
    'ledger',
    'compliance',
    'report',
    'record',
    'incident',
    'config',
    'scan',
    'rules',
  ],
  commands: ['model', 'incident', 'wire', 'scan', 'report', 'ledger', 'config'],
  cli: ['commands'],
  infra: [],
};

describe('the house', () => {
  it('has a room for every file, and each room imports only what lies below it', () => {
    const faults = imports
      .filter(({ to }) => to.startsWith('src/'))
      .filter(({ from, to }) => roomOf(from) !== roomOf(to) && !MAY_IMPORT[roomOf(from)]?.includes(roomOf(to)))
      .map(({ from, to }) => `${from} -> ${to}`);
    expect(files.filter((file) => MAY_IMPORT[roomOf(file)] === undefined)).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('lets the pipeline and the commands see ports and types of adapters, never an adapter', () => {
    const faults = imports
      .filter(({ from }) => ['scan', 'commands'].includes(roomOf(from)))
      .filter(({ to }) => /^src\/(declared|live)\//.test(to) && !to.endsWith('/port.ts'))
      .map(({ from, to }) => `${from} -> ${to}`);
    expect(faults).toEqual([]);
  });

  it('has no import loop', () => {
    const graph = new Map(files.map((file) => [file, imports.filter((one) => one.from === file).map((one) => one.to)]));
    const done = new Set<string>();
    const loops: string[] = [];
    const walk = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file)) loops.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
      if (done.has(file) || trail.includes(file)) return;
      for (const next of graph.get(file) ?? []) walk(next, [...trail, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(loops).toEqual([]);
  });

  it('keeps the pure core pure: no file system, no network, no process, no clock', () => {
    const pure = files.filter(
      (file) =>
        /^src\/(model|compare|compliance|resources|rules|report\/views|attribution\/(?!cloudtrail\/|why\/git))/.test(
          file,
        ) || file === 'src/ledger/verify.ts',
    );
    const faults = pure.flatMap((file) => [
      ...imports
        .filter((one) => one.from === file && one.to.startsWith('node:'))
        .map((one) => `${file} imports ${one.to}`),
      ...(/\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/.test(source.get(file) as string)
        ? [`${file} reads clock or chance`]
        : []),
    ]);
    expect(faults.filter((fault) => !/imports node:crypto$/.test(fault))).toEqual([]);
  });

  it('touches console and process only in cli.ts, and infra in its own program', () => {
    const faults = files
      .filter((file) => file !== 'src/cli.ts' && !file.startsWith('src/infra/'))
      .filter((file) =>
        /\bconsole\.|(?<![.\w-])process\.(?!once\('exit'|off\('exit'|on\('exit'|removeListener\('exit')/.test(
          withoutComments(file),
        ),
      );
    expect(faults).toEqual([]);
  });

  it('imports cdktf only in src/infra, and nothing imports src/infra', () => {
    const faults = imports.filter(
      ({ from, to }) =>
        (/^(@cdktf\/provider|cdktf|constructs)/.test(to) && !from.startsWith('src/infra/')) ||
        (to.startsWith('src/infra/') && !from.startsWith('src/infra/')),
    );
    expect(faults).toEqual([]);
  });

  it('names a resource type only where types are data', () => {
    const faults = files
      .filter((file) => !/^src\/(resources|infra)\//.test(file))
      .filter((file) => /['"`]aws_[a-z0-9_]+/.test(withoutComments(file)));
    expect(faults).toEqual([]);
  });

  it('keeps files small', () => {
    const lines = (file: string): number => (source.get(file) as string).split('\n').length - 1;
    expect(files.filter((file) => lines(file) > 400)).toEqual([]);
    const sorted = files.map(lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(130);
  });

  it('uses the house words in names', () => {
    const banned = /(^|[/.-])(results?|issues?|info|managers?|helpers?|utils?|processors?)([/.-]|$)/;
    expect(files.filter((file) => banned.test(file))).toEqual([]);
    expect(files.filter((file) => /(^|\/)index\.ts$/.test(file) && file !== 'src/resources/index.ts')).toEqual([]);
  });

  it('names no path of a machine and no registry address in any committed file', () => {
    const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
    const texts = tracked.filter(
      (file) => !/\.(png|gz|wasm)$/.test(file) && file !== relative(root, fileURLToPath(import.meta.url)),
    );
    const faults = texts.filter((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return /(^|[\s"'`(=:])\/(work|root|opt\/tf-plugins)\//m.test(text) || /https?:\/\/registry\.[a-z]/.test(text);
    });
    expect(faults).toEqual([]);
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    expect(lock).not.toMatch(/"resolved": "http/);
  });
});

function withoutComments(file: string): string {
  return (source.get(file) as string).replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}
