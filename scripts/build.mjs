// Bundles src/cli.ts into dist/. ESM with splitting, so that `driftbom --help` loads only what it needs.
// `npm ci --omit=dev` has no esbuild: then there is nothing to build with, and an installed package brings its dist.
import { chmod, copyFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const esbuild = await import('esbuild').catch(() => undefined);
if (esbuild === undefined) {
  process.stderr.write('driftbom: esbuild is not installed (development dependency); dist was not rebuilt\n');
  process.exit(0);
}
await rm(`${root}dist`, { recursive: true, force: true });
await esbuild.build({
  absWorkingDir: root,
  // Threads that read audit logs run a program of their own, which lies beside ours.
  entryPoints: { cli: 'src/cli.ts', 'log-worker': 'src/attribution/cloudtrail/log-worker.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  // Bundled CommonJS packages call require for Node's own modules.
  banner: {
    js: "import { createRequire as driftbomRequire } from 'node:module'; const require = driftbomRequire(import.meta.url);",
  },
  legalComments: 'linked',
  logLevel: 'warning',
});
// Programs of their own, see there.
await copyFile(`${root}src/terraform/hcl-child.mjs`, `${root}dist/hcl-child.mjs`);
await copyFile(`${root}src/ledger/signature-worker.mjs`, `${root}dist/signature-worker.mjs`);
await chmod(`${root}dist/cli.js`, 0o755);
