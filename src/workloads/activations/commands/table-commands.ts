/** `lockstep activations-batches`, `-padding` and `-precision`: measure, and write the table. */
import type { Command } from 'commander';
import type { CommandHost } from '../../../cli/experiment-commands.ts';
import { type FlagValues, textOf, textsOf, wholeFrom, wholeOf } from '../../../cli/flag-values.ts';
import { configFromFlags, givenFlags } from '../../../cli/flags.ts';
import { type Backend, type OpenGpu, openGpu } from '../../../cli/gpu.ts';
import { inputOptions, inputPaths, readInputs } from '../../../cli/inputs.ts';
import { showTable, type TableHooks, tableExit, tableHooks } from '../../../cli/measured-table.ts';
import { Reporter } from '../../../cli/reporter.ts';
import { parseRunConfig } from '../../../engine/config/run-config.ts';
import { ConfigError, type Workload } from '../../workload.ts';
import { measureBatches } from '../evaluation/batches.ts';
import { measurePadding } from '../evaluation/padding.ts';
import { decoderPlace } from '../evaluation/place.ts';
import { measurePrecision } from '../evaluation/precision.ts';
import { type EvaluationSetting, storageOf } from '../evaluation/setting.ts';
import { batchesText, paddingText, precisionText, type TextTable } from '../evaluation/table-text.ts';
import { loadActivations } from '../load.ts';
import { readActivationsParams } from '../params.ts';
import { activationsWorkload } from '../workload.ts';

export type Measured = 'batches' | 'padding' | 'precision';

const TEXTS = 64;
const TOKENS = 64;
const MOST = 100_000;

/** Resolves to the exit code; stopped, it writes the rows that it has. */
export async function tableCommand(
  measured: Measured,
  command: Command,
  values: FlagValues,
  { io }: CommandHost,
  workload: Workload,
): Promise<number> {
  const reporter = new Reporter(io.err, values.quiet === true);
  return await tableExit(reporter, workload, async () => {
    const hooks = tableHooks(reporter, io);
    try {
      const table = await withSetting(command, values, workload, (setting) =>
        measure(measured, setting, values, hooks),
      );
      await showTable(reporter, values, io, table);
    } finally {
      hooks.release();
    }
    return hooks.signal.aborted;
  });
}

async function measure(
  measured: Measured,
  setting: EvaluationSetting,
  values: FlagValues,
  hooks: TableHooks,
): Promise<TextTable> {
  const texts = wholeOf(values, 'texts', TEXTS, 1, MOST);
  const maxNewTokens = wholeOf(values, 'maxNewTokens', TOKENS, 1, MOST);
  switch (measured) {
    case 'batches': {
      const given = textsOf(values, 'batchSizes').map((text) => wholeFrom('batch-sizes', text, 1, MOST));
      const question = { texts, maxNewTokens, ...(given.length > 0 && { batches: given }) };
      return batchesText(await measureBatches(setting, question, hooks), priceOf(values));
    }
    case 'padding':
      return paddingText(await measurePadding(setting, texts, hooks));
    case 'precision':
      return precisionText(await measurePrecision(setting, maxNewTokens, hooks));
  }
}

function priceOf(values: FlagValues): number | undefined {
  const text = textOf(values, 'price');
  if (text === undefined) return undefined;
  const price = Number(text);
  if (text.trim() !== '' && price >= 0 && price < Number.POSITIVE_INFINITY) return price;
  throw new ConfigError('price', `"${text}" is no price; give a number from 0 on.`);
}

/** Reads files and opens the device, measures, and lets the device go. @throws what `measure` throws */
async function withSetting<T>(
  command: Command,
  values: FlagValues,
  workload: Workload,
  measure: (setting: EvaluationSetting) => Promise<T>,
): Promise<T> {
  const given = givenFlags(command);
  const { params, seed, precision, batch } = parseRunConfig(configFromFlags(workload, given, {}), [
    activationsWorkload as unknown as Workload,
  ]);
  const text = (flag: string) => {
    const value = given.get(flag);
    return typeof value === 'string' ? value : undefined;
  };
  const paths = inputPaths(workload, text, {});
  const inputs = await readInputs(workload, paths, inputOptions(workload, paths, text, {}));
  const { model, texts } = await loadActivations(params, inputs);
  const backend = (textOf(values, 'backend') ?? 'auto') as Backend;
  let device: OpenGpu | undefined;
  try {
    if (backend !== 'cpu') device = await openGpu(backend);
    return await measure({
      model,
      texts,
      params: readActivationsParams(params),
      seed,
      storage: storageOf(precision),
      place: decoderPlace(model, device?.gpu ?? null, batch.sizes),
    });
  } finally {
    device?.release();
  }
}
