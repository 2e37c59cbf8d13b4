/** `lockstep tune`: the live log, the result in a sentence, the comparison of batch sizes; what was found is remembered. */

import { writeFile } from 'node:fs/promises';
import { loadInputs } from '../engine/config/load-inputs.ts';
import { parseRunConfig } from '../engine/config/run-config.ts';
import { precisionsOn } from '../engine/plan/plan-run.ts';
import { passedSelfTest } from '../engine/self-test/run.ts';
import { beyondCells, beyondSentence } from '../engine/tuner/beyond-table.ts';
import { comparisonCells, comparisonCsv, comparisonMarkdown, realRun } from '../engine/tuner/comparison.ts';
import { TunerDevice } from '../engine/tuner/device.ts';
import { disturbedLines } from '../engine/tuner/disturbance.ts';
import { TuningCancelledError } from '../engine/tuner/errors.ts';
import { remember } from '../engine/tuner/memory.ts';
import { newProcessRate } from '../engine/tuner/prediction.ts';
import { significant } from '../engine/tuner/significant.ts';
import { tune } from '../engine/tuner/tune.ts';
import type { TuningResult } from '../engine/tuner/types.ts';
import type { GpuContext } from '../gpu/context.ts';
import { ConfigError, type Precision } from '../workloads/workload.ts';
import { align } from './align.ts';
import { CommandDevice } from './command-device.ts';
import { EXIT, exitOf, explain } from './exit.ts';
import { configFromFlags } from './flags.ts';
import { type GpuBackend, openGpu } from './gpu.ts';
import { inputOptions, inputPaths, readInputs } from './inputs.ts';
import { Reporter } from './reporter.ts';
import type { RunArguments } from './run-command.ts';
import { selfTestLine } from './self-test-lines.ts';
import { requireWritable } from './table-file.ts';
import { TuningCache } from './tuning-cache.ts';

/** Tunes and resolves to the exit code. What is wrong with the command is told on standard error. */
export async function tuneCommand({ workload, given, base, io }: RunArguments): Promise<number> {
  const text = (flag: string) => {
    const value = given.get(flag);
    return typeof value === 'string' ? value : undefined;
  };
  const reporter = new Reporter(io.err, given.has('quiet'), workload);
  const abort = new AbortController();
  const release = io.onInterrupt(() => abort.abort(new TuningCancelledError()));
  let device: CommandDevice | undefined;
  try {
    const config = parseRunConfig(configFromFlags(workload, given, base), [workload]);
    if (given.has('batch-size')) {
      throw new ConfigError(
        'batch.size',
        'tune looks for the batch size itself. Leave the flag out; give it to `lockstep run`.',
      );
    }
    const pricePerHour = priceOf(text('price'));
    const beyond = given.has('beyond') ? { upTo: beyondOf(text('beyond')) } : undefined;
    for (const flag of ['csv', 'markdown']) await requireWritable(flag, text(flag));
    const paths = inputPaths(workload, text, base);
    const files = await readInputs(workload, paths, inputOptions(workload, paths, text, base));
    const inputs = await loadInputs(workload, config.params, files);
    const backend = (text('backend') ?? 'auto') as GpuBackend;
    let precisions: readonly Precision[] = [config.precision];
    const tryOut = async (gpu: GpuContext) => {
      for (const precision of precisions)
        reporter.say(selfTestLine(await passedSelfTest(gpu, [workload], precision), precision));
    };
    device = new CommandDevice(() => openGpu(backend), tryOut);
    const gpu = await device.open();
    if (!given.has('precision')) precisions = precisionsOn(workload, gpu.report);
    await tryOut(gpu);
    reporter.say(`Tuning on ${gpu.report.name}.`);
    const results = await tune(
      {
        workload,
        config,
        inputs,
        device: new TunerDevice(gpu, () => device!.reopen()),
        signal: abort.signal,
        tell: ({ line }) => reporter.say(line),
        now: () => performance.now(),
        beyond,
      },
      precisions,
    );
    for (const result of results) for (const line of resultLines(result, pricePerHour)) io.out.write(`${line}\n`);
    const kept = await keep(results, reporter);
    const csv = results.map((result) => comparisonCsv(result, { pricePerHour })).join('\n');
    await writeTable(text('csv'), 'csv', csv, kept);
    const markdown = results.map((result) => comparisonMarkdown(result, { pricePerHour })).join('\n');
    await writeTable(text('markdown'), 'markdown', markdown, kept);
    return EXIT.ok;
  } catch (thrown) {
    reporter.warn(explain(thrown, workload));
    if (abort.signal.aborted) return EXIT.interrupted;
    return exitOf(thrown);
  } finally {
    release();
    device?.release();
  }
}

function priceOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const price = Number(text);
  if (text.trim() !== '' && price >= 0 && Number.isFinite(price)) return price;
  throw new ConfigError('price', `expected a price per hour, 0 or more, got "${text}".`);
}

/** How far beyond the run; undefined for as far as the memory goes. */
function beyondOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const items = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(items) && items >= 1) return items;
  throw new ConfigError('beyond', `expected a whole number of items, 1 or more, or nothing, got "${text}".`);
}

function resultLines(result: TuningResult, pricePerHour: number | undefined): string[] {
  const { key, choice, recommended, itemName, software, tookMs } = result;
  const header = ['batch', `seconds for ${key.items}`, 'items/s', 'speed-up', 'GPU memory'];
  if (pricePerHour !== undefined) header.push('cost');
  return [
    '',
    `${result.sentence}.`,
    `Recommended: --batch-size ${recommended} (knee ${choice.knee}, largest safe ${choice.largestSafe}).`,
    realRun(result),
    predictionLine(result),
    ...(software ? ["Software adapter: these timings are not a GPU's."] : []),
    ...disturbedLines(result),
    `Took ${significant(tookMs / 1000)} s.`,
    '',
    ...align([[...header, 'measured by'], ...comparisonCells(result, { pricePerHour })]),
    `Every row is measured alike, from upload to readback. Seconds${pricePerHour === undefined ? '' : ' and cost'} are for ${key.items} ${key.items === 1 ? itemName.one : itemName.many}.`,
    ...beyondLines(result),
  ];
}

function beyondLines(result: TuningResult): string[] {
  if (!result.beyond) return [];
  const { header, rows } = beyondCells(result);
  return ['', beyondSentence(result), '', ...(rows.length > 0 ? align([header, ...rows]) : [])];
}

/** For a command that follows: its process runs the kernels for the first time. */
function predictionLine(result: TuningResult): string {
  const firstUseMs = result.serial?.firstUseMs ?? 0;
  const why = firstUseMs > 0 ? `, with ${significant(firstUseMs)} ms for the first use of the kernels` : '';
  return `Predicted for \`lockstep run\`, a new process: ${significant(newProcessRate(result))} items/s${why}.`;
}

async function writeTable(path: string | undefined, field: string, text: string, kept: string): Promise<void> {
  if (path === undefined) return;
  await writeFile(path, text).catch((error: Error) => {
    throw new ConfigError(field, `cannot write ${path}: ${error.message}. ${kept}`);
  });
}

/**
 * A cache that cannot be written costs the next run its recommendation, not this one its result. Resolves to what was kept, in a sentence.
 */
async function keep(results: readonly TuningResult[], reporter: Reporter): Promise<string> {
  const cache = new TuningCache();
  try {
    await cache.save(results.reduceRight(remember, [...(await cache.load())]));
    reporter.say(`Remembered in ${cache.path} for runs with --batch-size auto.`);
    return 'The tuning itself is remembered for runs with --batch-size auto.';
  } catch (error) {
    reporter.warn(
      `The result could not be remembered (${(error as Error).message}). Give --batch-size ${results[0].recommended} by hand.`,
    );
    return 'The tuning itself could not be remembered either.';
  }
}
