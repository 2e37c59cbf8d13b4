/**
 * What storing weights in fewer bits costs: logits and residuals over the text that f32 writes, and how far a text of its own is the same.
 * Compared on the CPU, where arithmetic is one and the same and only the weights differ; speed and bytes are the device's.
 */
import { type DecoderOptions, WEIGHT_STORAGES, type WeightStorage } from '../../../nn/transformer/batch.ts';
import { HostPass } from '../../../nn/transformer/host/pass.ts';
import { readWeights } from '../../../nn/transformer/host/weights.ts';
import { likeliest } from '../../../nn/transformer/sampling/twin.ts';
import { weightBytes } from './batches.ts';
import { runTexts } from './run-texts.ts';
import { type EvaluationHooks, type EvaluationSetting, modelWords } from './setting.ts';
import type { PrecisionRow, PrecisionTable } from './types.ts';

const TOKENS = 64;
/** A model of more is not run on the CPU: a token would take seconds. */
const MOST_PARAMETERS = 4e8;
const GREEDY = { temperature: 0, topK: 0, topP: 1 };

/** Logits and captured residuals of every position of a text. */
interface Read {
  readonly ids: readonly number[];
  readonly logits: readonly ArrayLike<number>[];
  readonly residuals: readonly ArrayLike<number>[];
}

export async function measurePrecision(
  setting: EvaluationSetting,
  tokens = TOKENS,
  { signal, progress, row: tell }: EvaluationHooks<PrecisionRow, PrecisionTable> = {},
): Promise<PrecisionTable> {
  const { model, texts, place } = setting;
  const { spec } = model.source;
  const prompt = texts[0].ids.slice(0, texts[0].prompt);
  const newTokens = Math.max(1, Math.min(tokens, spec.positions - prompt.length));
  const rows: PrecisionRow[] = [];
  const lacking: { storage: WeightStorage; reason: string }[] = [];
  const table = (): PrecisionTable => ({
    rows: [...rows],
    lacking: [...lacking],
    tokens: newTokens,
    model: modelWords(model),
    on: place.on,
  });
  if (model.parameters > MOST_PARAMETERS) {
    const reason = `a model of ${(model.parameters / 1e6).toFixed(0)} million parameters takes too long on the CPU, where storages are compared`;
    lacking.push(...WEIGHT_STORAGES.map((storage) => ({ storage, reason })));
    return table();
  }
  let exact: Read | undefined;
  try {
    for (const [done, storage] of WEIGHT_STORAGES.entries()) {
      const report = (share: number) =>
        progress?.({ what: `Weights in ${storage}`, done, of: WEIGHT_STORAGES.length, share });
      report(0);
      const reader = await Reader.open(setting, storage, prompt.length + newTokens, signal);
      const own = await reader.write(prompt, newTokens, signal, report);
      exact ??= own;
      const held = own === exact ? own : await reader.read(exact.ids, signal);
      const options = optionsOf(setting, storage, prompt.length + newTokens);
      rows.push({
        storage,
        weightBytes: weightBytes(model.parameters, storage),
        bytes: place.bytes(options),
        decodeTokensPerSecond: await decodeRate(setting, options, prompt, newTokens, signal),
        sameTokens: own.ids.slice(prompt.length).findIndex((id, i) => id !== exact!.ids[prompt.length + i]),
        ...compared(held, exact, spec.layers + 1, spec.width),
      });
      const last = rows[rows.length - 1];
      if (last.sameTokens < 0) rows[rows.length - 1] = { ...last, sameTokens: newTokens };
      tell?.(rows[rows.length - 1], table());
    }
  } catch (error) {
    if (!signal?.aborted || rows.length === 0) throw error;
  }
  return table();
}

function optionsOf({ model }: EvaluationSetting, storage: WeightStorage, context: number): DecoderOptions {
  return {
    spec: model.source.spec,
    storage,
    slots: 1,
    context,
    capture: { components: [], windows: 0, kept: false },
    sampling: GREEDY,
    ends: [],
    scored: false,
  };
}

async function decodeRate(
  { place }: EvaluationSetting,
  options: DecoderOptions,
  prompt: readonly number[],
  newTokens: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const decoder = await place.open(options, signal);
  try {
    const request = { ids: prompt, prompt: prompt.length, newTokens, seed: 0, windows: [], strength: 0 };
    await runTexts(decoder, [{ ...request, newTokens: 1 }], { signal });
    const begin = performance.now();
    await runTexts(decoder, [request], { signal });
    return (1000 * newTokens) / (performance.now() - begin);
  } finally {
    decoder.close();
  }
}

class Reader {
  readonly #pass: HostPass;

  private constructor(pass: HostPass) {
    this.#pass = pass;
  }

  static async open(
    { model }: EvaluationSetting,
    storage: WeightStorage,
    context: number,
    signal: AbortSignal | undefined,
  ): Promise<Reader> {
    const weights = await readWeights(model.source, storage, 'f32', { signal });
    return new Reader(new HostPass(model.source.spec, weights, { slots: 1, context, components: ['residual'] }));
  }

  /** Greedily, from a prompt. */
  async write(
    prompt: readonly number[],
    newTokens: number,
    signal: AbortSignal | undefined,
    share: (share: number) => void,
  ): Promise<Read> {
    const ids = [...prompt];
    const [logits, residuals]: [ArrayLike<number>[], ArrayLike<number>[]] = [[], []];
    for (let position = 0; position < prompt.length + newTokens; position++) {
      const found = this.#one(ids[position], position);
      logits.push(found.logits);
      residuals.push(found.residuals);
      if (position === ids.length - 1) ids.push(likeliest(found.logits));
      await turn(signal);
      share(position / (prompt.length + newTokens));
    }
    return { ids: ids.slice(0, prompt.length + newTokens), logits, residuals };
  }

  async read(ids: readonly number[], signal: AbortSignal | undefined): Promise<Read> {
    const found: { readonly logits: ArrayLike<number>; readonly residuals: ArrayLike<number> }[] = [];
    for (const [position, id] of ids.entries()) {
      found.push(this.#one(id, position));
      await turn(signal);
    }
    return { ids, logits: found.map(({ logits }) => logits), residuals: found.map(({ residuals }) => residuals) };
  }

  #one(id: number, position: number) {
    const { logits, captured } = this.#pass.run([{ slot: 0, position, id, logits: true }]);
    return { logits: logits[0], residuals: captured };
  }
}

async function turn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  signal?.throwIfAborted();
}

function compared(own: Read, exact: Read, layers: number, width: number) {
  let largestLogitChange = 0;
  let kl = 0;
  let smallestCosine = 1;
  exact.logits.forEach((logits, position) => {
    const other = own.logits[position];
    const [p, q] = [logProbabilities(logits), logProbabilities(other)];
    for (let id = 0; id < logits.length; id++) {
      largestLogitChange = Math.max(largestLogitChange, Math.abs(logits[id] - other[id]));
      kl += (Math.exp(p[id]) * (p[id] - q[id])) / exact.logits.length;
    }
    for (let layer = 0; layer < layers; layer++) {
      let [product, a, b] = [0, 0, 0];
      for (let k = layer * width; k < (layer + 1) * width; k++) {
        const [x, y] = [exact.residuals[position][k], own.residuals[position][k]];
        product += x * y;
        a += x * x;
        b += y * y;
      }
      smallestCosine = Math.min(smallestCosine, product / Math.sqrt(a * b));
    }
  });
  // What rounding alone may leave below nothing.
  return { largestLogitChange, kl: Math.max(0, kl), smallestCosine };
}

function logProbabilities(logits: ArrayLike<number>): Float64Array {
  const largest = logits[likeliest(logits)];
  let sum = 0;
  for (let id = 0; id < logits.length; id++) sum += Math.exp(logits[id] - largest);
  const log = Math.log(sum);
  return Float64Array.from(logits, (logit) => logit - largest - log);
}
