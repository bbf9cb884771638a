import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/acceptance/**'],
    testTimeout: 20_000,
    env: { NO_COLOR: '', FORCE_COLOR: '0', TZ: 'UTC' },
  },
});
