import { expect, test } from 'vitest';
import { openHostDecoder } from '../../src/nn/transformer/host/open.ts';
import { FAMILIES } from '../../src/nn/transformer/spec.ts';
import { parameterCount } from '../../src/nn/transformer/weights.ts';
import { measureBatches } from '../../src/workloads/activations/evaluation/batches.ts';
import { measurePadding } from '../../src/workloads/activations/evaluation/padding.ts';
import { decoderPlace } from '../../src/workloads/activations/evaluation/place.ts';
import { measurePrecision } from '../../src/workloads/activations/evaluation/precision.ts';
import { runTexts } from '../../src/workloads/activations/evaluation/run-texts.ts';
import type { EvaluationSetting } from '../../src/workloads/activations/evaluation/setting.ts';
import { residualNorms, Steering } from '../../src/workloads/activations/evaluation/steering.ts';
import { vectorsOfTexts } from '../../src/workloads/activations/evaluation/text-vectors.ts';
import { randomDirection, stemCount } from '../../src/workloads/activations/jobs/steer.ts';
import { traceTexts } from '../../src/workloads/activations/jobs/trace.ts';
import { readActivationsParams } from '../../src/workloads/activations/params.ts';
import { plainDecoder } from '../transformer/plain-decoder.ts';
import { SMALL, smallSource, smallWeights } from '../transformer/small-decoders.ts';
import { smallLoaded } from './small-run.ts';

function settingOf(family: keyof typeof SMALL = 'llama'): EvaluationSetting {
  const { model, texts } = smallLoaded(family);
  const parameters = parameterCount(SMALL[family]);
  const whole = { ...model, parameters };
  return {
    model: whole,
    texts,
    params: readActivationsParams({ position: 'prompt[-1], response[:]' }),
    seed: 7,
    storage: 'f32',
    place: decoderPlace(whole, null, {}),
  };
}

test('the batch table: every row has the same tokens and activations, more memory, and one text the first time', async () => {
  const seen: number[] = [];
  const table = await measureBatches(
    settingOf(),
    { texts: 6, maxNewTokens: 5, batches: [1, 2, 4] },
    { row: (_, { rows }) => seen.push(rows.length) },
  );
  expect(seen).toEqual([1, 2, 3, 4]);
  expect(table.rows.map(({ pipeline, batch }) => [pipeline, batch])).toEqual([
    ['two-stage', 1],
    ['combined', 1],
    ['batched', 2],
    ['batched', 4],
  ]);
  for (const row of table.rows) {
    expect(row.tokensDiffer).toBe(0);
    expect(row.largestDifference).toBe(0);
    // Not a number where a model this small writes as fast as it reads.
    expect(row.decodeTokensPerSecond <= 0).toBe(false);
    expect(row.prefillTokensPerSecond).toBeGreaterThan(0);
    expect(row.originBytes).toBe((4 + row.batch) * 1e9);
  }
  expect(table.rows[3].bytes - table.rows[2].bytes).toBe(2 * table.textBytes);
  const stop = new AbortController();
  const cut = await measureBatches(
    settingOf(),
    { texts: 2, maxNewTokens: 2 },
    { row: () => stop.abort(), signal: stop.signal },
  );
  expect(cut.rows).toHaveLength(1);
});

test('padding moves the means of short texts and not that of the longest, as the equations say', async () => {
  const setting = settingOf('gpt2');
  const { rows, longest } = await measurePadding(setting, 10);
  const last = rows[rows.length - 1];
  expect([last.tokens, last.pads, last.moved]).toEqual([longest, 0, 0]);
  expect(rows[0].moved).toBeGreaterThan(0.05);
  // The shortest by hand: its own mean, and the mean with pads, which are read as a text of their own.
  const spec = SMALL.gpt2;
  const weights = smallWeights(spec);
  const { ids } = setting.texts.reduce((a, b) => (b.ids.length < a.ids.length ? b : a));
  const sums = (ids: readonly number[]) =>
    plainDecoder(spec, weights, ids, ['residual']).rows.reduce((sum, row) => sum.map((x, i) => x + row[i]));
  const [own, pads] = [sums(ids), sums(new Array<number>(longest - ids.length).fill(setting.model.ends[0]))];
  const at = rows[0].layer * spec.width;
  let [distance, square] = [0, 0];
  for (let k = at; k < at + spec.width; k++) {
    const mean = own[k] / ids.length;
    distance += ((own[k] + pads[k]) / longest - mean) ** 2;
    square += mean ** 2;
  }
  expect(rows[0].tokens).toBe(ids.length);
  expect(rows[0].moved).toBeCloseTo(Math.sqrt(distance / square), 5);
});

test('fewer bits cost more, and f32 nothing', async () => {
  const { rows } = await measurePrecision(settingOf(), 12);
  expect(rows.map(({ storage }) => storage)).toEqual(['f32', 'f16', 'bf16', 'int8']);
  expect(rows[0]).toMatchObject({ largestLogitChange: 0, kl: 0, sameTokens: 12 });
  expect(rows[0].smallestCosine).toBeCloseTo(1, 6);
  for (const key of ['largestLogitChange', 'kl'] as const) {
    expect(rows[1][key]).toBeGreaterThan(0);
    expect(rows[2][key]).toBeGreaterThan(rows[1][key]);
    expect(rows[3][key]).toBeGreaterThan(rows[1][key]);
  }
  expect(rows.map(({ weightBytes }) => weightBytes / rows[3].weightBytes)).toEqual([4, 2, 2, 1]);
});

test.each(FAMILIES)('a trace of %s along a vector is that of its residuals', async (family) => {
  const { model, texts, ...setting } = settingOf(family);
  const spec = SMALL[family];
  const ids = texts[3].ids;
  const given = {
    ...model,
    tokenizer: { encode: () => ids, pieces: (all: readonly number[]) => all.map(String) } as never,
  };
  const vector = randomDirection(1, spec.width);
  const wish = { texts: ['any'], maxNewTokens: 3, temperature: 0, seed: 1 };
  const [text] = await traceTexts({ ...setting, model: { ...given, ends: [] }, texts }, wish, 1, vector);
  expect(text.pieces).toHaveLength(ids.length + 3);
  const { rows } = plainDecoder(spec, smallWeights(spec), text.pieces.map(Number), ['residual']);
  const tokens = rows.length;
  for (let layer = 0; layer <= spec.layers; layer++)
    for (let t = 0; t < tokens; t++) {
      const state = rows[t].slice(layer * spec.width, (layer + 1) * spec.width);
      const s = state.reduce((sum, x, k) => sum + x * vector[k], 0);
      expect(text.projection[layer * tokens + t]).toBeCloseTo(s, 4);
      expect(text.cosine[layer * tokens + t]).toBeCloseTo(s / Math.hypot(...state), 4);
    }
  const s = text.projection.subarray(tokens, 2 * tokens);
  expect(text.velocity[2]).toBeCloseTo(s[2] - s[1], 5);
  expect(text.acceleration[2]).toBeCloseTo(s[2] - 2 * s[1] + s[0], 5);
  expect([text.velocity[0], text.acceleration[1]]).toEqual([Number.NaN, Number.NaN]);
});

test('steered texts are those of the equations, and their −log p that of the model as it is', async () => {
  const setting = settingOf('qwen2');
  const spec = SMALL.qwen2;
  const prompts = setting.texts.slice(0, 3).map(({ ids }) => ids);
  const question = { prompts, textsEach: 2, maxNewTokens: 6, temperature: 0.9, seed: 4, where: 'response' as const };
  const free = { ...setting, model: { ...setting.model, ends: [] } };
  const norms = await residualNorms(free, prompts);
  const rows = prompts.flatMap((ids) => plainDecoder(spec, smallWeights(spec), ids, ['residual']).rows);
  const mean = rows.reduce((sum, row) => sum + Math.hypot(...row.slice(spec.width, 2 * spec.width)), 0) / rows.length;
  expect(norms[1]).toBeCloseTo(mean, 5);
  const steering = await Steering.open(free, question);
  const never = new AbortController().signal;
  const vector = randomDirection(3, spec.width);
  const plain = await steering.write({ layer: 1, vector, length: 0 }, never, () => {});
  const pushed = await steering.write({ layer: 1, vector, length: 3 }, never, () => {});
  expect(pushed.map(({ drawn }) => drawn)).not.toEqual(plain.map(({ drawn }) => drawn));
  expect(await steering.write({ layer: 1, vector, length: 0 }, never, () => {})).toEqual(plain);
  const whole = [...prompts[1], ...pushed[2].drawn];
  const { logits } = plainDecoder(spec, smallWeights(spec), whole);
  const logP = (at: number) => {
    const most = Math.max(...logits[at]);
    return logits[at][whole[at + 1]] - most - Math.log(logits[at].reduce((sum, x) => sum + Math.exp(x - most), 0));
  };
  const own = whole
    .slice(0, -1)
    .map((_, at) => -logP(at))
    .slice(prompts[1].length - 1);
  expect(pushed[2].nll).toBeCloseTo(own.reduce((sum, x) => sum + x, 0) / 6, 4);
  steering.close();
});

test('vectors fitted on the spot part what is parted, and words are counted by their beginnings', async () => {
  const { vectors, table } = await vectorsOfTexts(settingOf(), undefined, () => {});
  expect(vectors).toHaveLength(SMALL.llama.layers + 1);
  expect(table.counts).toMatchObject({ positive: 5, negative: 5, questions: 5 });
  expect(stemCount('She was happy, happily so. Unhappy?', ['happ'])).toBe(2);
});

test('all texts come to an end through fewer slots than texts, in their order', async () => {
  const { model, texts } = settingOf();
  const { spec } = model.source;
  const batch = await openHostDecoder(
    smallSource(spec, smallWeights(spec)),
    {
      spec,
      storage: 'f32',
      slots: 3,
      context: 30,
      capture: { components: [], windows: 0, kept: false },
      sampling: { temperature: 0, topK: 0, topP: 1 },
      ends: [],
      scored: false,
    },
    'f32',
  );
  const requests = texts.map(({ ids }) => ({
    ids,
    prompt: ids.length,
    newTokens: 4,
    seed: 1,
    windows: [],
    strength: 0,
  }));
  const together = await runTexts(batch, requests);
  for (const [i, request] of requests.entries())
    expect((await runTexts(batch, [request], { beside: 1 }))[0].drawn).toEqual(together[i].drawn);
});
