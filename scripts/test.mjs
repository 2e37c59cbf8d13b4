/**
 * `npm test`: everything, from the type check to the browsers, on a machine that may have nothing yet. The last line it prints is
 * `N passed, N failed`, summed over all stages; the exit code is not 0 when anything failed, was skipped or did not finish. No clock ends
 * it: a test has its own generous limit, and a tool that tells of nothing for ten minutes is ended and named.
 *
 *   npm test -- --only unit [--only lint]   some stages
 *   npm test -- --changed [commit]          types, lint, and the unit tests that what changed since (the last commit) can reach
 *   npm test -- --slowest 20                lists the slowest tests at the end
 */
import { buildPage, ensureCommandLine, ensurePage } from './build.mjs';
import { firstLoadLimitBytes, measureFirstLoad } from './first-load.mjs';
import { readOptions } from './testing/options.mjs';
import { runStages } from './testing/run-stages.mjs';
import { check, judge, logOf, playwright, vitest } from './testing/tools.mjs';

/** Builds as a host would serve it and weighs the first load. @param {import('./testing/tools.mjs').Stage} stage */
async function buildAndWeigh(stage) {
  await buildPage(logOf(stage));
  judge(stage, 'the page builds', true);
  const files = await measureFirstLoad();
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const kilobytes = `${(total / 1000).toFixed(1)} KB after gzip; the limit is ${firstLoadLimitBytes / 1000} KB`;
  console.log(`First load, workers included: ${kilobytes}.`);
  const largest = files.map(({ file, bytes }) => `${(bytes / 1000).toFixed(1)} KB ${file}`).join('\n');
  judge(stage, 'the first load', files.length > 0 && total <= firstLoadLimitBytes, `${kilobytes}\n${largest}`);
}

/** The stages in order, with what each needs from the system. @type {import('./testing/run-stages.mjs').StageSpec[]} */
const stages = [
  {
    name: 'typecheck',
    title: 'Types',
    needs: [],
    run: (stage) => check(stage, 'types', ['node_modules/typescript/bin/tsc', '--noEmit']),
  },
  {
    name: 'lint',
    title: 'Lint, format and lock file',
    needs: [],
    run: async (stage) => {
      await check(stage, 'lint and format', [
        'node_modules/@biomejs/biome/bin/biome',
        'check',
        '--error-on-warnings',
        '.',
      ]);
      await check(stage, 'lock file', ['scripts/complete-lock.mjs', '--check']);
    },
  },
  {
    name: 'unit',
    title: 'Unit tests',
    needs: ['chromium', 'lavapipe', 'python-readers'],
    run: (stage) =>
      vitest(stage, ...(options.changed === undefined ? [] : ['--changed', options.changed, '--passWithNoTests'])),
  },
  { name: 'build', title: 'Build and first load', needs: ['chromium'], run: buildAndWeigh },
  {
    name: 'e2e',
    title: 'Page in Chromium',
    needs: ['chromium', 'python-readers'],
    run: async (stage) => {
      await ensurePage(logOf(stage));
      await ensureCommandLine();
      await playwright(stage);
    },
  },
  {
    name: 'firefox',
    title: 'Page in Firefox',
    needs: ['firefox-esr', 'lavapipe', 'python-readers'],
    run: async (stage) => {
      await ensurePage(logOf(stage));
      await vitest(stage, '--config=e2e/vitest.config.ts', 'firefox/');
    },
  },
  {
    name: 'cli',
    title: 'Command line',
    needs: ['chromium', 'lavapipe', 'python-readers'],
    run: async (stage) => {
      await ensureCommandLine();
      await vitest(stage, '--config=e2e/vitest.config.ts', 'cli/');
    },
  },
];

/** What a change is tried with while it is written. */
const quick = ['typecheck', 'lint', 'unit'];

const options = readOptions(stages.map(({ name }) => name));
const asked = ({ name = '' }) =>
  options.only ? options.only.includes(name) : options.changed === undefined || quick.includes(name);
process.exitCode = (await runStages(stages, { asked, slowest: options.slowest, whole: options.changed === undefined }))
  ? 0
  : 1;
