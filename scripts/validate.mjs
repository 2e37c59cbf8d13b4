/**
 * `npm run validate`: evidence that takes too long for every change, in files named `*.validate.ts` beside the tests of the same claim.
 * Works as `npm test` does, with its options and its closing line. Unlike a test it may measure this machine against a clock.
 */
import { ensureCommandLine, ensurePage } from './build.mjs';
import { readOptions } from './testing/options.mjs';
import { runStages } from './testing/run-stages.mjs';
import { logOf, playwright, vitest } from './testing/tools.mjs';

/** A single one of these tests may take an hour. */
const silentLimitMs = 70 * 60_000;

/** @type {import('./testing/run-stages.mjs').StageSpec[]} */
const stages = [
  {
    name: 'validate-unit',
    title: 'Long unit tests',
    needs: ['chromium', 'lavapipe', 'python-readers'],
    silentLimitMs,
    run: (stage) => vitest(stage, '--config=vite.validate.config.ts'),
  },
  {
    name: 'validate-e2e',
    title: 'Page in Chromium',
    needs: ['chromium', 'python-readers'],
    silentLimitMs,
    run: async (stage) => {
      await ensurePage(logOf(stage));
      await playwright(stage, { LOCKSTEP_VALIDATE: '1' });
    },
  },
  {
    name: 'validate-cli',
    title: 'Command line',
    needs: ['chromium', 'lavapipe', 'python-readers'],
    silentLimitMs,
    run: async (stage) => {
      await ensureCommandLine();
      await vitest(stage, '--config=e2e/vitest.config.ts', '--mode=validate');
    },
  },
];

const options = readOptions(stages.map(({ name }) => name));
const asked = ({ name = '' }) => !options.only || options.only.includes(name);
process.exitCode = (await runStages(stages, { asked, slowest: options.slowest })) ? 0 : 1;
