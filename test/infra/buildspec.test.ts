import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildspec, NIGHTLY_SCAN } from '../../src/infra/buildspec.ts';

const spec = parse(buildspec());

describe('the build specification', () => {
  it('runs the script as it stands in the repository', () => {
    const [write, run] = spec.phases.build.commands;
    const [first, ...lines] = write.split('\n');
    expect(first).toBe("cat > /tmp/nightly-scan.sh <<'END_OF_NIGHTLY_SCAN'");
    expect(lines.pop()).toBe('END_OF_NIGHTLY_SCAN');
    expect(`${lines.join('\n')}\n`).toBe(NIGHTLY_SCAN);
    expect(NIGHTLY_SCAN).not.toContain('END_OF_NIGHTLY_SCAN');
    expect(run).toBe('bash /tmp/nightly-scan.sh');
  });

  it('installs driftbom without running its dependencies’ install scripts', () => {
    expect(spec.phases.install.commands[1]).toMatch(/npm install .*--ignore-scripts .*"\$DRIFTBOM_PACKAGE"$/);
  });

  it('stays far below what CodeBuild accepts inline', () => {
    expect(Buffer.byteLength(buildspec())).toBeLessThan(32_000);
  });
});
