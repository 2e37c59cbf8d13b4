/** The recommended chunk, run for real: a run as anybody starts it, readback and every file of the bundle included. */
import { planBytes } from '../../gpu/plan.ts';
import { wholeBundle } from '../files/bundle-files.ts';
import { RunController } from '../run/controller.ts';
import { stepDown } from './choose.ts';
import { TuningError } from './errors.ts';
import { median } from './median.ts';
import type { Setting } from './setting.ts';
import { timed } from './stopwatch.ts';
import type { VerifyTrial } from './types.ts';

/** Short runs are repeated until they took so long together, or so often. */
const MIN_MS = 1000;
const MAX_RUNS = 3;
const MAX_ATTEMPTS = 8;
/** Messages get their turn after this long: building files never waits. */
const TURN_MS = 50;

export interface VerifyInput {
  readonly setting: Setting;
  readonly recommended: number;
  /** What the ladder expects, to see how many chunks fit the time. */
  readonly expectedItemsPerSecond: number;
  /** Milliseconds that a run should take: at least one chunk is run, at most all items. */
  readonly runMs: number;
  readonly tell: (trial: VerifyTrial) => void;
}

/** From the recommended chunk down ×0.9 until one passes, which is the last. Throws `TuningError` when none does. */
export async function verifyBatch(input: VerifyInput): Promise<VerifyTrial[]> {
  const attempts: VerifyTrial[] = [];
  let chunk = input.recommended;
  while (chunk >= 1 && attempts.length < MAX_ATTEMPTS) {
    const trial = await attempt(input, chunk);
    attempts.push(trial);
    input.tell(trial);
    if (trial.passed) return attempts;
    chunk = stepDown(chunk);
  }
  throw new TuningError(
    `The recommended batch did not run, nor did ${attempts.length - 1} smaller ones: ${attempts.at(-1)?.reason ?? ''}`,
    'Lower the memory budget and tune again, or choose a batch size by hand.',
  );
}

/** All items where the time allows, whole chunks otherwise. */
function itemsToRun({ setting, expectedItemsPerSecond, runMs }: VerifyInput, chunk: number): number {
  const all = setting.items.length;
  const affordable = (expectedItemsPerSecond * runMs) / 1000;
  return affordable >= all ? all : Math.min(all, chunk * Math.max(1, Math.floor(affordable / chunk)));
}

async function attempt(input: VerifyInput, chunk: number): Promise<VerifyTrial> {
  const { setting } = input;
  const { now } = setting;
  const plan = setting.runWith(chunk);
  const items = itemsToRun(input, chunk);
  const startedAt = now();
  const rates: number[] = [];
  const firstPassRates: number[] = [];
  const trial = (rest: Pick<VerifyTrial, 'passed' | 'reason'> & Partial<VerifyTrial>): VerifyTrial => ({
    chunk,
    bytes: planBytes(plan.buffers),
    items,
    runs: rates.length,
    itemsPerSecond: null,
    firstPassItemsPerSecond: null,
    exportMs: null,
    tookMs: now() - startedAt,
    ...rest,
  });
  for (;;) {
    const { run, problem, chunkMs } = await runOnce(setting, chunk, items);
    if (problem !== undefined) return trial({ passed: false, reason: problem });
    rates.push(run.progress.itemsPerSecond);
    firstPassRates.push(firstPassRate(run, chunkMs));
    if (now() - startedAt < MIN_MS && rates.length < MAX_RUNS) continue;
    const exportFrom = now();
    const files = await buildFiles(run, setting);
    return trial({
      passed: true,
      itemsPerSecond: median(rates),
      firstPassItemsPerSecond: median(firstPassRates),
      exportMs: now() - exportFrom,
      reason: `${run.store.size} results read back, ${files} files of the bundle built`,
    });
  }
}

/** Items per second of the first pass, from upload to readback. `chunkMs`: of each chunk; those sampled again come after the others. */
function firstPassRate({ timings }: RunController, chunkMs: readonly number[]): number {
  const chunks = timings.filter(({ rescue }) => rescue === 0);
  const items = chunks.reduce((total, chunk) => total + chunk.items, 0);
  const ms = chunkMs.slice(0, chunks.length).reduce((total, value) => total + value, 0);
  return (1000 * items) / ms;
}

/** A run of the first `items` items, and why it does not pass. Throws what says nothing about the chunk's size. */
async function runOnce(
  setting: Setting,
  chunk: number,
  items: number,
): Promise<{ run: RunController; chunkMs: readonly number[]; problem?: string }> {
  const { device, signal } = setting;
  signal.throwIfAborted();
  const chunkMs: number[] = [];
  const run = new RunController({
    plan: setting.runWith(
      chunk,
      timed(setting.workload, setting.now, (ms) => chunkMs.push(ms)),
    ),
    gpu: device.gpu,
    listener: {},
    only: setting.items.slice(0, items),
    now: setting.now,
  });
  const stop = () => run.stop();
  signal.addEventListener('abort', stop);
  const outcome = await run.run().finally(() => signal.removeEventListener('abort', stop));
  signal.throwIfAborted();
  const { error, failed } = outcome;
  if (error?.name === 'DeviceLostError') {
    await device.replace();
    return { run, chunkMs, problem: `${error.message} A new one was opened.` };
  }
  const split = run.events.find(({ kind }) => kind === 'split');
  if (split) return { run, chunkMs, problem: split.message };
  const fault = error ?? (failed.length > 0 ? { name: failed[0].error, message: failed[0].reason } : undefined);
  if (!fault) return { run, chunkMs };
  if (fault.name === 'OutOfMemoryError' || fault.name === 'LimitError') return { run, chunkMs, problem: fault.message };
  throw new TuningError(
    `The run itself failed, whatever its batch size: ${fault.message}`,
    'Run it once without tuning: its message says which item is at fault.',
  );
}

/** Makes every file and throws it away. Resolves to their number. */
async function buildFiles(run: RunController, { signal, now }: Setting): Promise<number> {
  let turnAt = now();
  const bundle = await wholeBundle({ run, report: run.report });
  const turn = async () => {
    signal.throwIfAborted();
    if (now() - turnAt < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    turnAt = now();
  };
  for await (const file of bundle.files) {
    await turn();
    if ('pieces' in file) for await (const _piece of file.pieces) await turn();
  }
  return bundle.count;
}
