/** `lockstep tune`: the live log, the result in a sentence, the comparison of batch sizes; what was found is remembered. */
import { writeFile } from 'node:fs/promises';
import { loadInputs } from '../engine/load-inputs.ts';
import { precisionsOn } from '../engine/plan-run.ts';
import { parseRunConfig } from '../engine/run-config.ts';
import { passedSelfTest } from '../engine/self-test/run.ts';
import { comparisonCells, comparisonCsv, comparisonMarkdown, significant } from '../engine/tuner/comparison.ts';
import { TunerDevice } from '../engine/tuner/device.ts';
import { TuningCancelledError } from '../engine/tuner/errors.ts';
import { remember } from '../engine/tuner/memory.ts';
import { tune } from '../engine/tuner/tune.ts';
import type { TuningResult } from '../engine/tuner/types.ts';
import { DISTURBED } from '../engine/tuner/words.ts';
import type { GpuContext } from '../gpu/context.ts';
import { ConfigError, type Precision } from '../workloads/workload.ts';
import { align } from './align.ts';
import { CommandDevice } from './command-device.ts';
import { configFromFlags } from './flags.ts';
import { type GpuBackend, openGpu } from './gpu.ts';
import { readInputs } from './inputs.ts';
import { Reporter } from './reporter.ts';
import { EXIT, explain, type RunArguments } from './run-command.ts';
import { selfTestLine } from './self-test-lines.ts';
import { TuningCache } from './tuning-cache.ts';

/** Tunes and resolves to the exit code. What is wrong with the command is told on standard error. */
export async function tuneCommand({ workload, given, base, io }: RunArguments): Promise<number> {
  const text = (flag: string) => {
    const value = given.get(flag);
    return typeof value === 'string' ? value : undefined;
  };
  const reporter = new Reporter(io.err, workload.itemName.many, given.has('quiet'));
  const abort = new AbortController();
  const release = io.onInterrupt(() => abort.abort(new TuningCancelledError()));
  let device: CommandDevice | undefined;
  try {
    const config = parseRunConfig(configFromFlags(workload, given, base), [workload]);
    const pricePerHour = priceOf(text('price'));
    const files = await readInputs({ images: text('images'), truth: text('truth'), network: text('network') });
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
      },
      precisions,
    );
    for (const result of results) for (const line of resultLines(result, pricePerHour)) io.out.write(`${line}\n`);
    await writeTable(text('csv'), 'csv', results.map((result) => comparisonCsv(result, { pricePerHour })).join('\n'));
    const markdown = results.map((result) => comparisonMarkdown(result, { pricePerHour })).join('\n');
    await writeTable(text('markdown'), 'markdown', markdown);
    await keep(results, reporter);
    return EXIT.ok;
  } catch (thrown) {
    reporter.warn(explain(workload, thrown));
    if (abort.signal.aborted) return EXIT.interrupted;
    return thrown instanceof ConfigError || (thrown as Error).name === 'FileError' ? EXIT.usage : EXIT.failed;
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

function resultLines(result: TuningResult, pricePerHour: number | undefined): string[] {
  const { key, choice, recommended, predictedItemsPerSecond, itemName, serial, software, disturbed, tookMs } = result;
  const header = ['batch', `seconds for ${key.items}`, 'items/s', 'speed-up', 'GPU memory'];
  if (pricePerHour !== undefined) header.push('cost');
  return [
    '',
    `${result.sentence}.`,
    `Recommended: --batch-size ${recommended} (knee ${choice.knee}, largest safe ${choice.largestSafe}). ` +
      `Predicted, from a real run: ${significant(predictedItemsPerSecond)} items/s${firstUse(serial)}.`,
    ...(software ? ["Software adapter: these timings are not a GPU's."] : []),
    ...(disturbed ? [DISTURBED] : []),
    `Took ${significant(tookMs / 1000)} s.`,
    '',
    ...align([[...header, 'measured by'], ...comparisonCells(result, { pricePerHour })]),
    `Seconds${pricePerHour === undefined ? '' : ' and cost'} are for ${key.items} ${key.items === 1 ? itemName.one : itemName.many} at the measured rate.`,
  ];
}

/** Seconds that a new process takes longer, where they can be seen. */
function firstUse(serial: TuningResult['serial']): string {
  if (!serial || serial.firstUseMs < 50) return '';
  return ` once the kernels have run; their first use in a new process takes ${significant(serial.firstUseMs / 1000)} s more`;
}

async function writeTable(path: string | undefined, field: string, text: string): Promise<void> {
  if (path === undefined) return;
  await writeFile(path, text).catch((error: Error) => {
    throw new ConfigError(field, `cannot write ${path}: ${error.message}.`);
  });
}

/** A cache that cannot be written costs the next run its recommendation, not this one its result. */
async function keep(results: readonly TuningResult[], reporter: Reporter): Promise<void> {
  const cache = new TuningCache();
  try {
    await cache.save(results.reduceRight(remember, [...(await cache.load())]));
    reporter.say(`Remembered in ${cache.path} for runs with --batch-size auto.`);
  } catch (error) {
    reporter.warn(
      `The result could not be remembered (${(error as Error).message}). Give --batch-size ${results[0].recommended} by hand.`,
    );
  }
}
