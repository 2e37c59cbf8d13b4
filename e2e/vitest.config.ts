import { defineConfig } from 'vitest/config';

/** The lanes that Playwright cannot drive: Firefox, and the command line as its users start it. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['firefox/**/*.spec.ts', 'cli/**/*.spec.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    pool: 'forks',
  },
});
