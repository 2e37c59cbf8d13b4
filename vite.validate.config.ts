import { defineConfig, mergeConfig } from 'vitest/config';
import { LONG_TEST_MS } from './e2e/limits.ts';
import base from './vite.config.ts';

/** The long tests of `npm run validate`, on their own: with others beside them what they measure would be the others. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: undefined } },
  defineConfig({
    test: { include: ['{src,scripts,tests}/**/*.validate.ts'], maxWorkers: 1, testTimeout: LONG_TEST_MS },
  }),
);
