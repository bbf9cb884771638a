import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { Io } from '../src/commands/io.ts';
import { buildProgram } from '../src/commands/program.ts';
import { parseConfig } from '../src/config.ts';
import { DIAGNOSTICS } from '../src/ledger/verify/diagnostics.ts';
import { ERROR_CODES } from '../src/model/error.ts';
import { GAP_REASONS } from '../src/model/resource.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));

/** The first cell of every table row that holds nothing but a code. */
function tableCodes(page: string): string[] {
  return [...read(page).matchAll(/^\| `([A-Za-z_-]+)` \|/gm)].map((match) => match[1] as string);
}

function commandPage(): string {
  const io = { columns: 100, version: '0', out: () => {}, err: () => {} } as unknown as Io;
  const program = buildProgram(io, () => {});
  // A command that has commands of its own is one itself where it has options.
  const leaves = (command: Command): Command[] => [
    ...(command.parent !== null && command.options.length > 0 ? [command] : []),
    ...command.commands.flatMap(leaves),
  ];
  const nameOf = (command: Command): string =>
    command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
  const sections = leaves(program).map((command) => {
    const help = command.configureHelp({ helpWidth: 100 }).helpInformation().trimEnd();
    return `## ${nameOf(command)}\n\n\`\`\`text\n${help}\n\`\`\`\n`;
  });
  const head =
    '# Commands\n\nWritten by `npm test` from the program itself; `UPDATE_GOLDEN=1 npx vitest run test/docs.test.ts` renews it.\n\n';
  const exits =
    '## Exit codes\n\n| code | means |\n| --- | --- |\n| 0 | declared and live agree, or active waivers cover all drift; no rule is violated |\n| 1 | error, or nothing at all could be read |\n| 2 | drift or a violated rule was found; for verify: the ledger does not verify |\n| 3 | with `--strict`: no drift, but coverage is incomplete |\n| 130 | interrupted; the ledger is whole |\n';
  return head + [...sections, exits].join('\n');
}

describe('the documentation', () => {
  it('has the help of every command, word for word', () => {
    const page = commandPage();
    if (process.env.UPDATE_GOLDEN !== undefined) writeFileSync(join(root, 'docs/commands.md'), page);
    expect(read('docs/commands.md')).toBe(page);
  });

  it('explains every error code, and no other', () => {
    expect(tableCodes('docs/errors.md').sort()).toEqual([...ERROR_CODES].sort());
  });

  it('explains every gap reason, and no other', () => {
    expect(tableCodes('docs/limitations.md').sort()).toEqual([...GAP_REASONS].sort());
  });

  it('explains every diagnostic of verify', () => {
    const page = read('docs/ledger-format.md');
    expect(DIAGNOSTICS.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  it('has no broken link between its pages', () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .map((match) => match[1] as string)
        .filter((link) => !existsSync(join(root, dirname(page), link)))
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  it('shows driftbom.yaml that parses', () => {
    const snippets = pages.flatMap((page) =>
      [...read(page).matchAll(/```yaml\n(version: 1\n[\s\S]*?)```/g)].map((match) => ({
        page,
        text: match[1] as string,
      })),
    );
    expect(snippets.length).toBeGreaterThan(0);
    for (const { page, text } of snippets) expect(() => parseConfig(text, page)).not.toThrow();
  });

  it('names only npm scripts that are there', () => {
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1] as string),
    );
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });
});
