/** Runs stages one after the other, says how far they are, and closes with `N passed, N failed`. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Interrupted } from '../child.mjs';
import { ensureDependencies, ensureNode, ensureSystem } from '../setup.mjs';
import { clock, StageProgress } from './progress.mjs';
import { logOf, reports, writeTimings } from './tools.mjs';

/**
 * @typedef {object} StageSpec
 * @property {string} name
 * @property {string} title
 * @property {Parameters<typeof ensureSystem>[0]} needs
 * @property {(stage: import('./tools.mjs').Stage) => Promise<void>} run
 * @property {number} [silentLimitMs] where a single test may be silent for longer than usual
 */

/** How long each stage ran here last time, s. */
const memory = join(reports, 'last.json');

/** @returns {Record<string, number>} */
function lastTimes() {
  try {
    return existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {};
  } catch {
    return {};
  }
}

/** @param {readonly StageSpec[]} chosen @param {string[]} left stages that are not asked for @param {Record<string, number>} last */
function announce(chosen, left, last) {
  for (const { name, title } of chosen) {
    const took = last[name] === undefined ? 'not run here before' : `${clock(last[name] * 1000)} last time`;
    console.log(`  ${name.padEnd(10)} ${title.padEnd(28)} ${took}`);
  }
  if (left.length > 0) console.log(`  Not asked for: ${left.join(', ')}.`);
}

/** @param {StageSpec} spec @param {() => number} now */
async function runStage({ name, title, run, silentLimitMs }, now) {
  console.log(`\n── ${title} (${name})`);
  const from = now();
  const progress = new StageProgress((line) => console.log(line), now);
  const stage = { name, progress, silentLimitMs };
  rmSync(logOf(stage), { force: true });
  try {
    await run(stage);
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    progress.receive({ type: 'error', text: error instanceof Error ? error.message : String(error) });
  }
  writeTimings(stage);
  const { passed, failed } = progress.count;
  const seconds = (now() - from) / 1000;
  const lost = progress.notRun ? `, not run: ${progress.notRun}` : '';
  console.log(`── ${title}: ${passed} passed, ${failed} failed${lost}, ${seconds.toFixed(1)} s`);
  return { ...progress.count, seconds, timings: progress.timings };
}

/**
 * @param {readonly StageSpec[]} stages all there are
 * @param {object} options
 * @param {(stage: StageSpec) => boolean} options.asked
 * @param {number} [options.slowest] how many of the slowest tests are listed at the end
 * @param {boolean} [options.whole] false where a stage runs a part of its tests: its time says nothing about the next whole run
 * @returns {Promise<boolean>} whether all is well
 */
export async function runStages(stages, { asked, slowest = 0, whole = true }) {
  const from = performance.now();
  const now = () => performance.now() - from;
  const chosen = stages.filter(asked);
  const total = { passed: 0, failed: 0 };
  /** @type {import('./progress.mjs').Timing[]} */
  const timings = [];
  let done = 0;
  const last = lastTimes();
  try {
    announce(
      chosen,
      stages.filter((stage) => !asked(stage)).map(({ name }) => name),
      last,
    );
    ensureNode();
    ensureDependencies();
    ensureSystem([...new Set(chosen.flatMap(({ needs }) => needs))]);
    mkdirSync(reports, { recursive: true });
    for (const spec of chosen) {
      const result = await runStage(spec, now);
      done++;
      total.passed += result.passed;
      total.failed += result.failed;
      timings.push(...result.timings);
      if (whole) last[spec.name] = Math.round(result.seconds);
      writeFileSync(memory, `${JSON.stringify(last, null, 1)}\n`);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    if (!(error instanceof Interrupted)) total.failed++;
  }
  if (done < chosen.length)
    console.log(
      `Not run: ${chosen
        .slice(done)
        .map(({ name }) => name)
        .join(', ')}.`,
    );
  if (slowest > 0) console.log(`\nThe ${slowest} slowest tests, s:`);
  for (const { file, name, ms } of timings.toSorted((a, b) => b.ms - a.ms).slice(0, slowest))
    console.log(`${(ms / 1000).toFixed(1).padStart(7)}  ${file} › ${name}`);
  console.log(`\nAll stages: ${clock(now())}`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 && done === chosen.length;
}
