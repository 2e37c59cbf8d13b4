import { describe, expect, it } from 'vitest';
import { loadOnnxRuntime } from '../../../nn/onnx-runtime.ts';
import { SCORE_VARIANTS, type ScoreNetworkSpec } from '../../../nn/score-network/spec.ts';
import { ConfigError } from '../../workload.ts';
import type { PredictionRequest, Predictor } from '../sampling/predictor.ts';
import type { CellsToSample } from '../sampling/reveal-plan.ts';
import type { SamplerSettings } from '../sampling/settings.ts';
import { TwinSampler } from '../sampling/twin.ts';
import { settingsFor } from '../test-support/laws.ts';
import { smallNetwork, smallWeights } from '../test-support/networks.ts';
import { TwinNetworkPredictor } from '../twin/network-predictor.ts';
import { OnnxNetworkPredictor } from './network-predictor.ts';

const CELLS = 9;
const cells: CellsToSample = {
  seeds: Uint32Array.from({ length: CELLS }, (_, i) => 100 + i),
  labels: Uint32Array.from({ length: 2 * CELLS }, (_, i) => (i % 2 === 0 ? (i / 2) % 4 : (i >> 1) % 3)),
};

function some({ seeds, labels }: CellsToSample, from: number, to: number): CellsToSample {
  return { seeds: seeds.slice(from, to), ...(labels && { labels: labels.slice(2 * from, 2 * to) }) };
}

async function onnx(spec: ScoreNetworkSpec, settings: SamplerSettings) {
  return OnnxNetworkPredictor.open(await loadOnnxRuntime(), spec, smallWeights(spec), settings);
}

/** Keeps what it is told, by step, cell (its seed tells it) and gene. */
class Recorder implements Predictor {
  readonly said = new Map<string, number[]>();
  constructor(
    readonly predictor: Predictor,
    readonly seeds: Uint32Array,
  ) {}
  close() {
    this.predictor.close?.();
  }
  get genes() {
    return this.predictor.genes;
  }
  get bins() {
    return this.predictor.bins;
  }
  async predict(request: PredictionRequest, out: Float64Array) {
    await this.predictor.predict(request, out);
    const { plan, piece, labels } = request;
    for (let i = 0; i < piece.rows; i++) {
      const row = plan.rows[piece.firstRow + i];
      const key = [piece.step, this.seeds[Math.floor(row / this.genes)], row % this.genes, labels === undefined];
      this.said.set(key.join(), [...out.subarray(i * this.bins, (i + 1) * this.bins)]);
    }
  }
}

async function sampled(settings: SamplerSettings, predictor: Predictor, given: CellsToSample) {
  const recorder = new Recorder(predictor, given.seeds);
  const sampler = new TwinSampler(settings, recorder);
  sampler.begin(given);
  await sampler.advance(Number.POSITIVE_INFINITY);
  expect(sampler.done).toBe(true);
  return { tokens: await sampler.tokens(), said: recorder.said };
}

describe.each(SCORE_VARIANTS)('the network on the CPU: %s', (variant) => {
  const spec = smallNetwork(variant);
  const guidance = variant === 'lockstep' ? 2 : 1;
  const settings = settingsFor(spec, { steps: 6, guidance });

  it('predicts what the f64 twin predicts', async () => {
    const predictor = await onnx(spec, settings);
    const found = await sampled(settings, predictor, cells);
    predictor.close();
    const expected = await sampled(settings, new TwinNetworkPredictor(spec, smallWeights(spec), settings), cells);
    expect(found.said.size).toBe(CELLS * spec.genes * (guidance === 1 ? 1 : 2));
    const values = [...expected.said.values()].flat();
    const rms = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    let worst = 0;
    for (const [key, logits] of expected.said)
      logits.forEach((value, i) => {
        worst = Math.max(worst, Math.abs(value - found.said.get(key)![i]));
      });
    // f32 rounds each of some ten operations in a row to 6e-8; a token that came out otherwise would show in all that follow.
    expect(worst / rms).toBeLessThan(2e-6);
    expect(worst).toBeGreaterThan(0);
    expect(found.tokens).toEqual(expected.tokens);
  });

  it('says the same to the bit whatever cells come with it', async () => {
    const predictor = await onnx(spec, settings);
    const all = await sampled(settings, predictor, cells);
    for (const chunk of [1, 4]) {
      for (let from = 0; from < CELLS; from += chunk) {
        const part = await sampled(settings, predictor, some(cells, from, from + chunk));
        expect(part.tokens).toEqual(all.tokens.slice(from * spec.genes, (from + chunk) * spec.genes));
        for (const [key, logits] of part.said) expect(logits).toEqual(all.said.get(key));
      }
    }
    predictor.close();
    predictor.close();
  });

  it('goes by the labels of a cell', async () => {
    const predictor = await onnx(spec, settings);
    const { said } = await sampled(settings, predictor, some(cells, 0, 1));
    const other = await sampled(settings, predictor, { ...some(cells, 0, 1), labels: Uint32Array.of(2, 1) });
    predictor.close();
    // The genes that reveal first: all that both runs see of them is masks.
    const [key, logits] = [...said][0];
    expect(other.said.get(key)).toHaveLength(spec.bins);
    expect(other.said.get(key)).not.toEqual(logits);
  });
});

it('refuses to ask a network of the origin for no label', async () => {
  const spec = smallNetwork('origin');
  const settings = settingsFor(spec, { guidance: 2 });
  const predictor = await onnx(spec, settings);
  const asked = sampled(settings, predictor, cells);
  await expect(asked).rejects.toThrow(ConfigError);
  await expect(asked).rejects.toThrow('always has a perturbation');
  predictor.close();
});

it('is closed with its sampler, in the middle of a call too', async () => {
  const spec = smallNetwork('lockstep');
  const settings = settingsFor(spec, { steps: 6 });
  const predictor = await onnx(spec, settings);
  const recorder = new Recorder(predictor, cells.seeds);
  const sampler = new TwinSampler(settings, recorder);
  sampler.begin(cells);
  const going = sampler.advance(Number.POSITIVE_INFINITY);
  sampler.close();
  await going;
  expect(sampler.done).toBe(false);
  expect(await sampler.tokens()).toHaveLength(0);
  const steps = [...recorder.said.keys()].map((key) => key.split(',')[0]);
  expect(new Set(steps).size).toBeLessThan(2);
  await expect(sampled(settings, predictor, cells)).rejects.toThrow('closed');
});
