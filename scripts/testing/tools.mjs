/** The test tools as stages run them: each is a process of its own, tells of its tests while they run, and prints into a log. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNode } from '../child.mjs';
import { root } from '../locate.mjs';
import { freePort } from '../ports.mjs';

/** Everything that a test run leaves behind for reading. */
export const reports = join(root, 'test-results');

/** A tool that tells of nothing for so long hangs. A single test is given less (see the tools' own configurations), so that it is named. */
const usualSilentLimitMs = 10 * 60_000;

/** How many lines of a log are shown where a tool failed without naming a test. */
const tailLines = 40;

/**
 * @typedef {object} Stage what a tool needs to know of the stage that it runs in
 * @property {string} name
 * @property {import('./progress.mjs').StageProgress} progress
 * @property {number} [silentLimitMs]
 */

/** @param {Stage} stage */
export const logOf = ({ name }) => join(reports, `${name}.log`);

/** The last lines that a tool printed. @param {Stage} stage */
function tail(stage) {
  const lines = existsSync(logOf(stage)) ? readFileSync(logOf(stage), 'utf8').trimEnd().split('\n') : [];
  return lines.slice(-tailLines);
}

/**
 * Runs a tool to its end. Failing, it must have said why: a tool that ends badly with no failed test counts as one failure.
 * @param {Stage} stage @param {string[]} command @param {Record<string, string>} [env]
 * @returns {Promise<boolean>} whether it ended well
 */
async function tool(stage, command, env) {
  const { progress, silentLimitMs = usualSilentLimitMs } = stage;
  const log = logOf(stage);
  mkdirSync(reports, { recursive: true });
  appendFileSync(log, `$ node ${command.join(' ')}\n`);
  const onMessage = (/** @type {unknown} */ message) => progress.receive(message);
  const { code, hung } = await runNode(command, { env, log, onMessage, silentLimitMs });
  if (hung) {
    const under = progress.under.length > 0 ? `; under way: ${progress.under.join(', ')}` : '';
    progress.receive({ type: 'error', text: `Ended: no progress for ${silentLimitMs / 60_000} minutes${under}.` });
  } else if (code !== 0 && progress.count.failed === 0) {
    progress.receive({ type: 'error', text: [`${command[0]} ended with code ${code}:`, ...tail(stage)].join('\n') });
  }
  return code === 0;
}

/** A tool that says yes or no counts as one test. @param {Stage} stage @param {string} name @param {string[]} command */
export async function check(stage, name, command) {
  const began = performance.now();
  const file = command[0];
  const passed = await tool(stage, command);
  // `tool` has counted the failure, with what the tool printed.
  if (passed)
    stage.progress.receive({ type: 'ended', file, name, state: 'passed', ms: performance.now() - began, errors: [] });
}

/** Something of our own that counts as a test. @param {Stage} stage @param {string} name @param {boolean} passed @param {string} [why] */
export function judge(stage, name, passed, why = '') {
  const state = passed ? 'passed' : 'failed';
  stage.progress.receive({ type: 'ended', file: stage.name, name, state, ms: 0, errors: passed ? [] : [why] });
}

/** @param {Stage} stage @param {...string} options */
export async function vitest(stage, ...options) {
  const command = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=./scripts/testing/vitest-reporter.mjs'];
  await tool(stage, [...command, ...options]);
}

/** @param {Stage} stage @param {Record<string, string>} [env] */
export async function playwright(stage, env = {}) {
  const command = ['node_modules/playwright/cli.js', 'test', '--config=e2e/playwright.config.ts'];
  const port = String(await freePort(4317));
  const reporter = '--reporter=./scripts/testing/playwright-reporter.mjs';
  await tool(stage, [...command, reporter], { LOCKSTEP_E2E_PORT: port, ...env });
}

/** Every test of a stage and its time, the slowest first. @param {Stage} stage */
export function writeTimings({ name, progress }) {
  const slowest = progress.timings.toSorted((a, b) => b.ms - a.ms);
  writeFileSync(join(reports, `${name}.json`), `${JSON.stringify(slowest, null, 1)}\n`);
}
