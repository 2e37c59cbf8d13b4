import { defineConfig } from 'vitest/config';
import { LONG_TEST_MS, TEST_MS } from './limits.ts';

/** The lanes that Playwright cannot drive: Firefox, and the command line as its users start it. `--mode validate`: the long ones. */
export default defineConfig(({ mode }) => ({
  test: {
    root: import.meta.dirname,
    include: mode === 'validate' ? ['{firefox,cli}/**/*.validate.ts'] : ['firefox/**/*.spec.ts', 'cli/**/*.spec.ts'],
    testTimeout: mode === 'validate' ? LONG_TEST_MS : TEST_MS,
    hookTimeout: TEST_MS,
    fileParallelism: false,
    pool: 'forks',
  },
}));
