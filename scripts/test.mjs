/**
 * `npm test`: everything, from the type check to the browsers, on a machine that may have nothing yet. The last line it prints is
 * `N passed, N failed`, summed over all stages; the exit code is not 0 when anything failed, was skipped or did not finish.
 * `npm test -- --only unit` (or `--only lint --only e2e`) runs a part.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPage, ensureCommandLine, ensurePage } from './build.mjs';
import { runNode } from './child.mjs';
import { firstLoadLimitBytes, measureFirstLoad } from './first-load.mjs';
import { root } from './locate.mjs';
import { freePort } from './ports.mjs';
import { ensureDependencies, ensureNode, ensureSystem } from './setup.mjs';

/** @typedef {{ passed: number, failed: number }} Count */

/** @param {Count[]} counts @returns {Count} */
const sum = (counts) => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
});

/** The whole run ends within this time, whatever hangs. */
const deadlineMs = 19 * 60_000;
const startedAt = performance.now();
const reports = join(root, 'test-results');

/** Runs one tool under what is left of the deadline. @param {string[]} command @param {Record<string, string>} [env] */
async function tool(command, env) {
  const limitMs = Math.max(1_000, deadlineMs - (performance.now() - startedAt));
  const { code, timedOut } = await runNode(command, { env, limitMs });
  if (timedOut) console.error(`Stopped: the whole test run must end within ${deadlineMs / 60_000} minutes.`);
  return code;
}

/** A tool that says yes or no counts as one check. @param {string[]} command @returns {Promise<Count>} */
async function check(command) {
  return (await tool(command)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * Reads a report; a tool that failed without naming a failed test counts as one failure.
 * @param {string} file @param {number} code exit code @param {(report: any) => Count} count @returns {Count}
 */
function readReport(file, code, count) {
  let counted = { passed: 0, failed: 0 };
  try {
    counted = count(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    console.error(`No report at ${file}: the tool ended before its tests did.`);
  }
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

/** Skipped tests count as failed: a check that does not run proves nothing. @param {string} name @param {string[]} options */
async function vitest(name, ...options) {
  const file = join(reports, `${name}.json`);
  rmSync(file, { force: true });
  const command = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json'];
  const code = await tool([...command, `--outputFile.json=${file}`, ...options]);
  return readReport(file, code, (report) => {
    const emptyFailures = report.testResults.filter(
      (/** @type {any} */ suite) =>
        suite.status === 'failed' && !suite.assertionResults.some((/** @type {any} */ t) => t.status === 'failed'),
    ).length;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numPendingTests + report.numTodoTests + emptyFailures,
    };
  });
}

async function playwright() {
  await ensurePage();
  const file = join(reports, 'chromium.json');
  rmSync(file, { force: true });
  const command = [
    'node_modules/playwright/cli.js',
    'test',
    '--config=e2e/playwright.config.ts',
    '--reporter=list,json',
  ];
  const port = String(await freePort(4317));
  const code = await tool(command, { PLAYWRIGHT_JSON_OUTPUT_FILE: file, LOCKSTEP_E2E_PORT: port });
  return readReport(file, code, ({ stats, errors }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + stats.skipped + errors.length,
  }));
}

/** Builds as a host would serve it and weighs the first load. @returns {Promise<Count>} */
async function buildAndWeigh() {
  await buildPage();
  const files = await measureFirstLoad();
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { file, bytes } of files) console.log(`  ${(bytes / 1000).toFixed(1).padStart(7)} KB  ${file}`);
  const fits = files.length > 0 && total <= firstLoadLimitBytes;
  console.log(
    `First load, workers included: ${(total / 1000).toFixed(1)} KB after gzip; the limit is ${firstLoadLimitBytes / 1000} KB.`,
  );
  return { passed: 1 + Number(fits), failed: Number(!fits) };
}

/**
 * The stages in order, with what each needs from the system.
 * @type {{ name: string, title: string, needs: Parameters<typeof ensureSystem>[0], run: () => Promise<Count> }[]}
 */
const stages = [
  { name: 'typecheck', title: 'Types', needs: [], run: () => check(['node_modules/typescript/bin/tsc', '--noEmit']) },
  {
    name: 'lint',
    title: 'Lint, format and lock file',
    needs: [],
    run: async () =>
      sum([
        await check(['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']),
        await check(['scripts/complete-lock.mjs', '--check']),
      ]),
  },
  { name: 'unit', title: 'Unit tests', needs: ['chromium', 'python-readers'], run: () => vitest('unit') },
  { name: 'build', title: 'Build and first load', needs: ['chromium'], run: buildAndWeigh },
  { name: 'e2e', title: 'Page in Chromium', needs: ['chromium', 'python-readers'], run: playwright },
  {
    name: 'firefox',
    title: 'Page in Firefox',
    needs: ['firefox-esr', 'lavapipe', 'python-readers'],
    run: async () => {
      await ensurePage();
      return vitest('firefox', '--config=e2e/vitest.config.ts', 'firefox/');
    },
  },
  {
    name: 'cli',
    title: 'Command line',
    needs: ['chromium', 'lavapipe', 'python-readers'],
    run: async () => {
      await ensureCommandLine();
      return vitest('cli', '--config=e2e/vitest.config.ts', 'cli/');
    },
  },
];

function chosenStages() {
  const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
  const names = values.only?.flatMap((text) => text.split(','));
  const unknown = names?.find((name) => !stages.some((stage) => stage.name === name));
  if (unknown !== undefined)
    throw new Error(`--only: "${unknown}" is not a stage. Stages: ${stages.map(({ name }) => name).join(', ')}.`);
  return stages.filter(({ name }) => !names || names.includes(name));
}

/** Runs a stage; one that throws counts as one failure. @param {typeof stages[number]} stage @returns {Promise<Count>} */
async function runStage(stage) {
  console.log(`\n── ${stage.title} (${stage.name})`);
  const from = performance.now();
  let count = { passed: 0, failed: 1 };
  try {
    count = await stage.run();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  console.log(`── ${stage.title}: ${count.passed} passed, ${count.failed} failed, ${seconds} s`);
  return count;
}

/** @type {Count[]} */
const counts = [];
try {
  const chosen = chosenStages();
  ensureNode();
  ensureDependencies();
  ensureSystem([...new Set(chosen.flatMap(({ needs }) => needs))]);
  mkdirSync(reports, { recursive: true });
  for (const stage of chosen) counts.push(await runStage(stage));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  counts.push({ passed: 0, failed: 1 });
}
const total = sum(counts);
console.log(`\nAll stages: ${((performance.now() - startedAt) / 60_000).toFixed(1)} min`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
