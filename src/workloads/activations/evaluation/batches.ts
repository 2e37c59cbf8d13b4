/** The batch table: the same texts one by one in two stages, in one, and side by side; time, memory, and what differs, which is nothing. */
import type { DecoderBatch, DecoderOptions, WeightStorage } from '../../../nn/transformer/batch.ts';
import { rangeOf } from '../data/positions.ts';
import { settingsOf } from '../problem.ts';
import { originBytes } from './memory.ts';
import { type DoneText, runTexts, type TextRequest } from './run-texts.ts';
import { type EvaluationHooks, type EvaluationSetting, modelWords } from './setting.ts';
import type { BatchRow, BatchTable, Pipeline } from './types.ts';

const BATCHES = [1, 2, 4, 8, 16, 32, 64];

export interface BatchesQuestion {
  /** Of the setting's texts, over and over where there are fewer. */
  readonly texts: number;
  readonly maxNewTokens: number;
  /** Texts side by side, a row each. */
  readonly batches?: readonly number[];
}

interface Timed {
  readonly texts: readonly DoneText[];
  readonly ms: number;
  /** Of writing, without a second pass. */
  readonly writeMs: number;
  /** Of reading the prompts alone. */
  readonly prefillMs: number;
}

/** @throws the signal's reason when it is aborted before the first row; later what there is is returned */
export async function measureBatches(
  setting: EvaluationSetting,
  { texts: count, maxNewTokens, batches = BATCHES }: BatchesQuestion,
  { signal, progress, row: tell }: EvaluationHooks<BatchRow, BatchTable> = {},
): Promise<BatchTable> {
  const { model, place, storage } = setting;
  const requests = requestsOf(setting, count, maxNewTokens);
  const context = Math.max(...requests.map(({ ids }) => ids.length)) + maxNewTokens;
  const settings = settingsOf(setting.params, model, setting.texts);
  const optionsFor = (slots: number): DecoderOptions => ({
    spec: model.source.spec,
    storage,
    slots,
    context,
    capture: { components: settings.components, windows: settings.positions.length, kept: false },
    sampling: settings.sampling,
    // Every text goes its whole length, so that rows count the same tokens.
    ends: [],
    scored: false,
  });
  const rows: (readonly [Pipeline, number])[] = [
    ['two-stage', 1],
    ['combined', 1],
    ...batches.filter((batch) => batch > 1 && batch <= count).map((batch) => ['batched', batch] as const),
  ];
  const found: BatchRow[] = [];
  const oneText = place.bytes(optionsFor(2)) - place.bytes(optionsFor(1));
  const table = (): BatchTable => ({
    rows: [...found],
    texts: count,
    maxNewTokens,
    model: modelWords(model),
    on: place.on,
    software: place.software,
    weightBytes: weightBytes(model.parameters, storage),
    textBytes: oneText,
  });
  const given = requests.reduce((sum, { ids }) => sum + ids.length, 0);
  let first: Timed | undefined;
  try {
    for (const [done, [pipeline, batch]] of rows.entries()) {
      const what = pipeline === 'batched' ? `${batch} side by side` : `One by one, ${pipeline}`;
      const options = optionsFor(batch);
      const decoder = await place.open(options, signal);
      try {
        const timed = await timedRun(decoder, requests, pipeline, signal, (share) =>
          progress?.({ what, done, of: rows.length, share }),
        );
        first ??= timed;
        found.push({
          pipeline,
          batch,
          ms: timed.ms,
          speedUp: first.ms / timed.ms,
          prefillTokensPerSecond: (1000 * given) / timed.prefillMs,
          decodeTokensPerSecond: decodeRate(timed, count * maxNewTokens),
          bytes: place.bytes(options),
          originBytes: originBytes(batch),
          ...differences(timed.texts, first.texts),
        });
      } finally {
        decoder.close();
      }
      tell?.(found[found.length - 1], table());
    }
  } catch (error) {
    if (!signal?.aborted || found.length === 0) throw error;
  }
  return table();
}

/** The form's texts, over and over where there are fewer. */
function requestsOf(
  { texts, params, model, seed }: EvaluationSetting,
  count: number,
  newTokens: number,
): TextRequest[] {
  const { positions } = settingsOf(params, model, texts);
  return Array.from({ length: count }, (_, i) => {
    const { ids, prompt } = texts[i % texts.length];
    const own = ids.slice(0, prompt);
    return {
      ids: own,
      prompt,
      newTokens,
      seed: (seed + i) >>> 0,
      windows: positions.map((position) => rangeOf(position, prompt, newTokens)!),
      strength: 0,
    };
  });
}

/** Once for the kernels to be there, the prompts alone for their time, and the whole. */
async function timedRun(
  decoder: DecoderBatch,
  requests: readonly TextRequest[],
  pipeline: Pipeline,
  signal: AbortSignal | undefined,
  share: (share: number) => void,
): Promise<Timed> {
  await runTexts(decoder, [{ ...requests[0], newTokens: Math.min(2, requests[0].newTokens) }], { signal });
  const prompts = requests.map((request) => ({ ...request, newTokens: 0 }));
  const grown = (_: unknown, done: number) => share(done / requests.length);
  const begin = performance.now();
  await runTexts(decoder, prompts, { signal });
  const prefillMs = performance.now() - begin;
  const from = performance.now();
  const texts = await runTexts(decoder, requests, { signal, grown });
  const writeMs = performance.now() - from;
  // The second pass reads what the first wrote, and takes the activations then.
  const taken =
    pipeline === 'two-stage'
      ? await runTexts(
          decoder,
          requests.map((request, i) => ({
            ...request,
            ids: [...Array.from(request.ids), ...texts[i].drawn],
            newTokens: 0,
          })),
          { signal },
        )
      : texts;
  const ms = performance.now() - from;
  return { texts: texts.map(({ drawn }, i) => ({ ...taken[i], drawn })), ms, writeMs, prefillMs };
}

/** Not a number where reading the prompts took as long as all of it: nothing can be told then. */
function decodeRate({ writeMs, prefillMs }: Timed, tokens: number): number {
  return writeMs > prefillMs ? (1000 * tokens) / (writeMs - prefillMs) : Number.NaN;
}

function differences(texts: readonly DoneText[], first: readonly DoneText[]) {
  let tokensDiffer = 0;
  let largestDifference = 0;
  texts.forEach(({ drawn, sums }, i) => {
    const other = first[i];
    const length = Math.max(drawn.length, other.drawn.length);
    for (let at = 0; at < length; at++) if (drawn[at] !== other.drawn[at]) tokensDiffer++;
    const each = sums.sums.length / Math.max(1, sums.counts.length);
    sums.sums.forEach((value, at) => {
      const count = sums.counts[Math.floor(at / each)];
      if (count > 0) largestDifference = Math.max(largestDifference, Math.abs(value - other.sums.sums[at]) / count);
    });
  });
  return { tokensDiffer, largestDifference };
}

/** Bytes of the numbers of all weights, without what fills rows up. */
export function weightBytes(parameters: number, storage: WeightStorage): number {
  return parameters * { f32: 4, f16: 2, bf16: 2, int8: 1 }[storage];
}
