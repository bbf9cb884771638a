import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';

/** The script of one scheduled scan. */
export const NIGHTLY_SCAN = readFileSync(new URL('nightly-scan.sh', import.meta.url), 'utf8');

const TERRAFORM_PACKAGES = 'https://rpm.releases.hashicorp.com/AmazonLinux/hashicorp.repo';

/**
 * The CodeBuild build specification (AWS CodeBuild User Guide, "Build specification reference"): installs terraform, for
 * `terraform init` and `terraform state pull`, and driftbom, then runs the script. An image that brings terraform along
 * keeps its own.
 */
export function buildspec(): string {
  return stringify(
    {
      version: 0.2,
      env: { shell: 'bash' },
      phases: {
        install: {
          'runtime-versions': { nodejs: 22 },
          commands: [
            [
              'command -v terraform >/dev/null || {',
              '  dnf -q -y install dnf-plugins-core &&',
              `  dnf -q config-manager --add-repo ${TERRAFORM_PACKAGES} &&`,
              '  dnf -q -y install "terraform-$DRIFTBOM_TERRAFORM_VERSION"',
              '}',
            ].join('\n'),
            'npm install --global --ignore-scripts --no-audit --no-fund "$DRIFTBOM_PACKAGE"',
          ],
        },
        build: {
          commands: [
            `cat > /tmp/nightly-scan.sh <<'END_OF_NIGHTLY_SCAN'\n${NIGHTLY_SCAN}END_OF_NIGHTLY_SCAN`,
            'bash /tmp/nightly-scan.sh',
          ],
        },
      },
    },
    { lineWidth: 0 },
  );
}
