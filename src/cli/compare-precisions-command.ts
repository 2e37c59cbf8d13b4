/** `lockstep compare-precisions`: one run in every precision that the adapter has, and what each costs and brings. */
import { RunController } from '../engine/controller.ts';
import { loadInputs } from '../engine/load-inputs.ts';
import { planRun, precisionsOn } from '../engine/plan-run.ts';
import { type PrecisionCost, type PrecisionRun, precisionCostSteps } from '../engine/quality/precision-cost.ts';
import {
  PRECISION_HEADER,
  precisionCells,
  precisionCsv,
  precisionMarkdown,
} from '../engine/quality/precision-table.ts';
import { parseRunConfig } from '../engine/run-config.ts';
import { passedSelfTest } from '../engine/self-test/run.ts';
import type { GpuContext } from '../gpu/context.ts';
import { ConfigError, type Precision, type RunInputs, type Workload } from '../workloads/workload.ts';
import { align } from './align.ts';
import { StoppedError } from './evaluation-run.ts';
import { configFromFlags } from './flags.ts';
import { type OpenGpu, openGpu } from './gpu.ts';
import { readInputs } from './inputs.ts';
import { duration, Reporter } from './reporter.ts';
import { EXIT, explain, type RunArguments } from './run-command.ts';
import { writeWhole } from './whole-file.ts';

/** Runs of each precision, in turns; the median's speed counts. */
const REPEATS = 3;
/** Samples on either side of a C2ST, at most. */
const MOST_POINTS = 10_000;

/** Compares and resolves to the exit code. What is wrong with the command is told on standard error. */
export async function comparePrecisionsCommand({ workload, given, base, io }: RunArguments): Promise<number> {
  const text = (flag: string) => {
    const value = given.get(flag);
    return typeof value === 'string' ? value : undefined;
  };
  const reporter = new Reporter(io.err, workload.itemName.many, given.has('quiet'), workload.workName);
  let device: OpenGpu | undefined;
  let [stopped, stop]: [boolean, () => void] = [false, () => undefined];
  const release = io.onInterrupt(() => {
    stopped = true;
    stop();
  });
  const pause = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    if (stopped) throw new StoppedError('stopped');
  };
  try {
    const config = { ...(configFromFlags(workload, given, base) as object) };
    const { params } = parseRunConfig(config, [workload]);
    const files = await readInputs({ images: text('images'), truth: text('truth'), network: text('network') });
    const inputs = await loadInputs(workload, params, files);
    device = await openGpu((text('backend') ?? 'auto') as 'auto' | 'vulkan');
    const { gpu } = device;
    const precisions = precisionsOn(workload, gpu.report);
    if (precisions.length < 2) throw new ConfigError('precision', `${workload.title} computes in f32 alone here.`);
    for (const precision of precisions) await passedSelfTest(gpu, [workload], precision);
    reporter.say(`${precisions.join(', ')} in turns on ${gpu.report.name}, ${REPEATS} runs each.`);
    const runs = new Map<Precision, PrecisionRun[]>(precisions.map((precision) => [precision, []]));
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      for (const precision of precisions) {
        await pause();
        const made = await runOnce(workload, { ...config, precision }, inputs, gpu, reporter, (end) => {
          stop = end;
        });
        runs.get(precision)?.push(made);
      }
    }
    await pause();
    const medians = precisions.map((precision) => medianRun(runs.get(precision)!));
    const costs = await costsOf(medians, pause, reporter);
    reporter.clear();
    for (const line of align([PRECISION_HEADER, ...precisionCells(costs)])) io.out.write(`${line}\n`);
    const [markdown, csv] = [text('markdown'), text('csv')];
    if (markdown !== undefined) await writeWhole('markdown', markdown, precisionMarkdown(costs));
    if (csv !== undefined) await writeWhole('csv', csv, precisionCsv(costs));
    return EXIT.ok;
  } catch (thrown) {
    if (thrown instanceof StoppedError) return EXIT.interrupted;
    reporter.warn(explain(workload, thrown));
    return thrown instanceof ConfigError || (thrown as Error).name === 'FileError' ? EXIT.usage : EXIT.failed;
  } finally {
    release();
    device?.release();
  }
}

async function runOnce(
  workload: Workload,
  given: object,
  inputs: RunInputs,
  gpu: GpuContext,
  reporter: Reporter,
  stoppable: (stop: () => void) => void,
): Promise<PrecisionRun> {
  const config = parseRunConfig(given, [workload]);
  const plan = planRun(workload, config, inputs, gpu.report);
  const run = new RunController({ plan, gpu, listener: { progress: (progress) => reporter.progress(progress) } });
  stoppable(() => run.stop());
  const { state, failed, error, progress } = await run.run();
  if (state === 'stopped') throw new StoppedError('stopped');
  if (state !== 'finished' || failed.length > 0)
    throw new Error(`The run in ${config.precision} has not finished: ${error?.message ?? failed[0].reason}`);
  const items = run.store.items();
  const samples = items.reduce((sum, { draws }) => sum + draws, 0);
  return {
    precision: config.precision,
    items,
    samplesPerSecond: (1000 * samples) / progress.elapsedMs,
    buffers: plan.buffers,
  };
}

function medianRun(runs: readonly PrecisionRun[]): PrecisionRun {
  return runs.toSorted((a, b) => a.samplesPerSecond - b.samplesPerSecond)[runs.length >> 1];
}

/** Each against the first, which is f32; the first against itself. */
async function costsOf(
  runs: readonly PrecisionRun[],
  pause: () => Promise<void>,
  reporter: Reporter,
): Promise<PrecisionCost[]> {
  const begin = performance.now();
  const costs: PrecisionCost[] = [];
  for (const [at, run] of runs.entries()) {
    const steps = precisionCostSteps(runs[0], run, MOST_POINTS);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) {
        costs.push(step.value);
        break;
      }
      const fraction = (at + step.value.fraction) / runs.length;
      const elapsedMs = performance.now() - begin;
      const line = `${Math.round(100 * fraction)} %  C2ST of ${run.precision} against f32  ${duration(elapsedMs)}`;
      reporter.show(fraction, line, elapsedMs);
      await pause();
    }
  }
  return costs;
}
