import { defineConfig } from 'vitest/config';
import { SkippedReporter } from './test/acceptance/skipped-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/acceptance/**/*.test.ts'],
    globalSetup: ['test/acceptance/tools-setup.ts'],
    reporters: ['verbose', new SkippedReporter()],
    // Each file runs an emulator and a provider of its own; side by side they would only slow each other down.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
    env: { NO_COLOR: '', FORCE_COLOR: '0', TZ: 'UTC', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
});
