/** `lockstep activations-memory`: what models take on a device, from their config.json alone. */
import { basename, dirname, join } from 'node:path';
import { align } from '../../../cli/align.ts';
import { EXIT, exitOf, explain } from '../../../cli/exit.ts';
import { type FlagValues, textOf, textsOf, wholeFrom, wholeOf } from '../../../cli/flag-values.ts';
import { jsonObjectIn } from '../../../cli/json-object.ts';
import type { RunIo } from '../../../cli/run-io.ts';
import type { WeightStorage } from '../../../nn/transformer/batch.ts';
import { readConfig } from '../../../nn/transformer/config.ts';
import type { DecoderSpec } from '../../../nn/transformer/spec.ts';
import { KNOWN_MODELS } from '../../language-models/known-models.ts';
import type { ParamValues } from '../../params.ts';
import type { Workload } from '../../workload.ts';
import { parsePositions } from '../data/positions.ts';
import { type MemoryQuestion, type MemoryRow, memoryRow, originBytes } from '../evaluation/memory.ts';
import { readActivationsParams } from '../params.ts';
import { componentsOf } from '../problem.ts';
import { activationsWorkload } from '../workload.ts';

const STORAGES: readonly WeightStorage[] = ['f32', 'f16', 'int8'];
const BATCHES = [1, 8, 16, 64];
const MOST = 1_000_000;
const ADVICE = 'Give the config.json of a model.';

/** Writes the table and resolves to the exit code. What is wrong with the command is told on standard error. */
export async function memoryCommand(values: FlagValues, io: RunIo): Promise<number> {
  try {
    const models = await modelsOf(values);
    const question = questionOf(values);
    const rows = models.flatMap(({ name, spec }) =>
      STORAGES.map((storage) => memoryRow(name, spec, storage, question)),
    );
    for (const line of memoryLines(rows, question)) io.out.write(`${line}\n`);
    return EXIT.ok;
  } catch (thrown) {
    io.err.write(`${explain(thrown, activationsWorkload as unknown as Workload)}\n`);
    return exitOf(thrown);
  }
}

async function modelsOf(values: FlagValues): Promise<readonly { readonly name: string; readonly spec: DecoderSpec }[]> {
  const files = [
    ...textsOf(values, 'config'),
    ...textsOf(values, 'model').map((folder) => join(folder, 'config.json')),
  ];
  if (files.length === 0) return KNOWN_MODELS.map(({ name, config }) => ({ name, spec: readConfig(name, config) }));
  return Promise.all(
    files.map(async (file) => {
      const name = basename(file) === 'config.json' ? basename(dirname(file)) : basename(file);
      return { name, spec: readConfig(file, await jsonObjectIn(file, ADVICE)) };
    }),
  );
}

function questionOf(values: FlagValues): MemoryQuestion {
  const given: ParamValues = {
    ...(values.position !== undefined && { position: textOf(values, 'position') ?? '' }),
    ...(values.component !== undefined && { components: textOf(values, 'component') ?? '' }),
  };
  const params = readActivationsParams(given);
  const batches = textsOf(values, 'batchSize');
  return {
    context: wholeOf(values, 'promptTokens', 50, 1, MOST) + wholeOf(values, 'maxNewTokens', 150, 0, MOST),
    windows: parsePositions(params.position).length,
    components: componentsOf(params),
    batches: batches.length === 0 ? BATCHES : batches.map((text) => wholeFrom('batchSize', text, 1, 4096)),
  };
}

const mib = (bytes: number) => (bytes / 2 ** 20).toLocaleString('en-US', { maximumFractionDigits: 1 });
const gib = (bytes: number) => (bytes / 2 ** 30).toFixed(2);

/** A line a model and storage, and the origin's rule. */
export function memoryLines(rows: readonly MemoryRow[], { context, batches }: MemoryQuestion): string[] {
  const texts = (batch: number) => `${batch} ${batch === 1 ? 'text' : 'texts'}, GiB`;
  const header = ['Model', 'Stored', 'Parameters', 'Weights, MiB', 'Keys and values, B a token', 'Captured, B a token'];
  return [
    `Every buffer of texts of ${context} positions, exact, from the configuration alone; behind it the smallest class of devices that holds it.`,
    '',
    ...align([
      [...header, 'A text, MiB', ...batches.map(texts)],
      ...rows.map(({ model, storage, parameters, weightBytes, cacheBytes, capturedBytes, textBytes, totals }) => [
        model,
        storage === 'f16' ? 'f16, bf16' : storage,
        parameters.toLocaleString('en-US'),
        mib(weightBytes),
        cacheBytes.toLocaleString('en-US'),
        capturedBytes.toLocaleString('en-US'),
        mib(textBytes),
        ...totals.map(({ bytes, fits }) => `${gib(bytes)} (${fits ?? 'none'})`),
      ]),
      [
        'The origin’s rule',
        'any',
        ...Array.from({ length: 4 }, () => '–'),
        mib(originBytes(1) - originBytes(0)),
        ...batches.map((batch) => gib(originBytes(batch))),
      ],
    ]),
    '',
    'The origin counts 4 GB and 1 GB a text for any model: the first says nothing of a model’s size, the second is many times what a text takes.',
  ];
}
