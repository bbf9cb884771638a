import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

function run(program: string, env: Record<string, string>): { code: number | null; errors: string; made: string[] } {
  const out = mkdtempSync(join(tmpdir(), 'synth-'));
  try {
    const child = spawnSync(process.execPath, ['--import', 'tsx', join(root, program)], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, CDKTF_OUTDIR: out, ...env },
    });
    const made = ['driftbom-scanner', 'orders'].filter((stack) =>
      existsSync(join(out, 'stacks', stack, 'cdk.tf.json')),
    );
    return { code: child.status, errors: child.stderr, made };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** The program that a cdktf.json runs. */
function appOf(cdktfJson: string): string {
  const project = JSON.parse(readFileSync(join(root, cdktfJson), 'utf8'));
  expect(project.language).toBe('typescript');
  return /^npx tsx (\S+\.ts)$/.exec(project.app)?.[1] ?? 'no program';
}

describe('the CDKTF programs', () => {
  it('synthesise the scanner from settings given by variables', () => {
    const env = {
      DRIFTBOM_SCANNER_REGION: 'eu-central-1',
      DRIFTBOM_SCANNER_REPOSITORY: 'https://github.com/acme/infra',
    };
    expect(run(appOf('cdktf.json'), env)).toEqual({ code: 0, errors: '', made: ['driftbom-scanner'] });
  });

  it('take settings from the context that the cdktf CLI hands over', () => {
    const driftbom = { region: 'eu-central-1', repository: 'https://github.com/acme/infra' };
    const env = { CDKTF_CONTEXT_JSON: JSON.stringify({ driftbom }) };
    expect(run(appOf('cdktf.json'), env)).toMatchObject({ code: 0, made: ['driftbom-scanner'] });
  });

  it('end with one clear error where settings are missing, and write nothing', () => {
    const ended = run(appOf('cdktf.json'), {});
    expect(ended).toMatchObject({ code: 1, made: [] });
    expect(ended.errors).toContain('DRIFTBOM_SCANNER_REGION');
    expect(ended.errors).not.toContain('    at ');
  });

  it('synthesise the demo', () => {
    const program = appOf('fixtures/demo/cdktf.json');
    expect(run(join('fixtures/demo', program), {})).toEqual({ code: 0, errors: '', made: ['orders'] });
  });
});
