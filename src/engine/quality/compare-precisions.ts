/** One configuration in every precision that the adapter has, in turns in one go: what each costs and brings. */

import type { GpuContext } from '../../gpu/context.ts';
import { lackingFeature } from '../../gpu/precision.ts';
import { posteriors } from '../../results/posterior/narrow.ts';
import {
  drawNumbers,
  type PrecisionRun,
  precisionCostSteps,
  type ReferenceControls,
} from '../../results/posterior/quality/precision-cost.ts';
import type { LackingPrecision, PrecisionComparison, PrecisionCost } from '../../results/posterior/quality/types.ts';
import type { Precision, RunInputs, Workload } from '../../workloads/workload.ts';
import type { RunConfig } from '../config/run-config.ts';
import { planRun, precisionsOn } from '../plan/plan-run.ts';
import { RunController } from '../run/controller.ts';
import { SelfTestError } from '../self-test/errors.ts';
import { passedSelfTest } from '../self-test/run.ts';

/** Runs of each precision, in turns; the median's speed counts. */
const REPEATS = 3;
/** Works so long at a stretch; others get their turn in between. */
const STRETCH_MS = 30;
/** Share of the progress that is the runs'; the rest is the classifiers'. */
const RUNS_SHARE = 0.5;

export interface ComparisonQuestion {
  readonly workload: Workload;
  /** Its own precision does not matter. */
  readonly config: RunConfig;
  /** With what `Workload.load` fetched. */
  readonly inputs: RunInputs;
  readonly gpu: GpuContext;
  /** Indices of the items to run; all without it. */
  readonly only?: readonly number[];
  /** Samples on either side of a C2ST, at most; half of an item's where that is less. */
  readonly points: number;
}

export interface ComparisonProgress {
  /** What is being done, in words: "f16-storage, run 2 of 3". */
  readonly what: string;
  /** 0 to 1. */
  readonly fraction: number;
}

export interface ComparisonWays {
  /** Ends the comparison soon; it rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly progress?: (at: ComparisonProgress) => void;
}

/** Rejects with the reason of `signal`, as `planRun` does, with `SelfTestError` for f32, and with why a run has not finished. */
export async function comparePrecisions(
  question: ComparisonQuestion,
  { signal, progress }: ComparisonWays,
): Promise<PrecisionComparison> {
  const begin = performance.now();
  const { gpu, inputs } = question;
  const { passed, lacking } = await usable(question);
  const runs = new Map<Precision, PrecisionRun[]>(passed.map((precision) => [precision, []]));
  for (let repeat = 0; repeat < REPEATS; repeat++)
    for (const [at, precision] of passed.entries()) {
      signal.throwIfAborted();
      const tell = (share: number) =>
        progress?.({
          what: `${precision}, run ${repeat + 1} of ${REPEATS}`,
          fraction: (RUNS_SHARE * (repeat * passed.length + at + share)) / (REPEATS * passed.length),
        });
      tell(0);
      runs.get(precision)?.push(await runOnce(question, precision, signal, tell));
    }
  const [single, ...halves] = passed.map((precision) => median(runs.get(precision)!));
  const medians = [{ ...single, velocityRms: await velocityRms(question, single) }, ...halves];
  const costs = await costsOf(medians, question.points, signal, ({ what, fraction }) =>
    progress?.({ what, fraction: RUNS_SHARE + (1 - RUNS_SHARE) * fraction }),
  );
  const [reference] = medians;
  return {
    adapter: gpu.report.name,
    software: gpu.report.software,
    ...(inputs.loaded && { file: { name: inputs.loaded.name, sha256: inputs.loaded.sha256 } }),
    items: reference.items.map(({ info }) => info.runId),
    samples: samplesOf(reference.items),
    repeats: REPEATS,
    seconds: (performance.now() - begin) / 1000,
    costs,
    lacking,
  };
}

/** Precisions of the experiment that this device has and computes rightly in. */
async function usable({ workload, gpu }: ComparisonQuestion) {
  const here = precisionsOn(workload, gpu.report);
  const lacking: LackingPrecision[] = workload.precisions
    .filter((precision) => !here.includes(precision))
    .map((precision) => ({
      precision,
      reason: `${gpu.report.name} does not offer ${lackingFeature(precision, gpu.report)}`,
    }));
  const passed: Precision[] = [];
  for (const precision of here)
    try {
      await passedSelfTest(gpu, [workload], precision);
      passed.push(precision);
    } catch (thrown) {
      if (!(thrown instanceof SelfTestError) || precision === 'f32') throw thrown;
      lacking.push({ precision, reason: thrown.message });
    }
  return { passed, lacking };
}

async function runOnce(
  { workload, config: given, inputs, gpu, only }: ComparisonQuestion,
  precision: Precision,
  signal: AbortSignal,
  tell: (share: number) => void,
): Promise<PrecisionRun> {
  const plan = planRun(workload, { ...given, precision }, inputs, gpu.report);
  const run = new RunController({ plan, gpu, only, listener: { progress: ({ fraction }) => tell(fraction) } });
  const stop = () => run.stop();
  signal.addEventListener('abort', stop);
  try {
    const { state, failed, error } = await run.run();
    signal.throwIfAborted();
    if (state !== 'finished' || failed.length > 0)
      throw new Error(`The run in ${precision} has not finished: ${error?.message ?? failed[0].reason}`);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const items = posteriors(run.store.items());
  // Compiling and allocating come before the first chunk.
  const samplingMs = run.timings.reduce((sum, { wallMs }) => sum + wallMs, 0);
  return {
    precision,
    items,
    samplesPerSecond: (1000 * samplesOf(items)) / samplingMs,
    buffers: plan.buffers,
    network: plan.configured.network?.memory(plan.shape),
  };
}

/** From the starts of the samples to their ends, by item and parameter; undefined where no network computes. */
async function velocityRms(
  { workload, config, inputs }: ComparisonQuestion,
  { items }: PrecisionRun,
): Promise<PrecisionRun['velocityRms']> {
  const configured = workload.configure(config.params, inputs);
  const { network } = configured;
  if (!network) return undefined;
  const problem = configured.prepare(config.seed);
  const found: number[][] = [];
  for (const item of items) {
    const start = await network.pathStart(problem, item.info.index);
    const squares = item.parameters.map(() => 0);
    Array.from(drawNumbers(item)).forEach((number, draw) => {
      const from = start(number);
      item.parameters.forEach(({ values }, i) => {
        squares[i] += (values[draw] - from[i]) ** 2;
      });
    });
    found.push(squares.map((sum) => Math.sqrt(sum / item.draws)));
  }
  return found;
}

const samplesOf = (items: PrecisionRun['items']) => items.reduce((sum, { draws }) => sum + draws, 0);

function median(runs: readonly PrecisionRun[]): PrecisionRun {
  return runs.toSorted((a, b) => a.samplesPerSecond - b.samplesPerSecond)[runs.length >> 1];
}

/** Each against the first, which is f32; the first against itself. */
async function costsOf(
  runs: readonly PrecisionRun[],
  points: number,
  signal: AbortSignal,
  progress: (at: ComparisonProgress) => void,
): Promise<PrecisionCost[]> {
  const controls: ReferenceControls = new Map();
  const costs: PrecisionCost[] = [];
  let worked = performance.now();
  for (const [at, run] of runs.entries()) {
    const steps = precisionCostSteps(runs[0], run, points, controls);
    const what = at === 0 ? 'C2ST of f32 against f32' : `C2ST of ${run.precision} against f32`;
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) {
        costs.push(step.value);
        break;
      }
      if (performance.now() - worked < STRETCH_MS) continue;
      progress({ what, fraction: (at + step.value.fraction) / runs.length });
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal.throwIfAborted();
      worked = performance.now();
    }
  }
  return costs;
}
