/** Tiny decoders of every family with weights from a formula, for tests. */
import type { DecoderOptions, TextStart } from '../../src/nn/transformer/batch.ts';
import { COMPONENTS } from '../../src/nn/transformer/capture.ts';
import type { DecoderSpec, Family } from '../../src/nn/transformer/spec.ts';
import { decoderTensors, type WeightSource } from '../../src/nn/transformer/weights.ts';
import { threefryWord } from '../../src/stats/threefry.ts';

/** Sizes that fill nothing: width and head no multiple of 4 in places, heads of keys shared, caps and windows that are felt. */
export const SMALL: Readonly<Record<Family, DecoderSpec>> = {
  gpt2: {
    family: 'gpt2',
    layers: 2,
    width: 20,
    heads: 2,
    kvHeads: 2,
    head: 10,
    hidden: 36,
    vocabulary: 50,
    positions: 64,
    norm: { kind: 'layer', epsilon: 1e-5, unit: 0, post: false },
    scale: 1 / Math.sqrt(10),
    mlp: { gated: false, activation: 'gelu' },
    biases: 'all',
    tied: true,
    embeddingScale: 1,
  },
  llama: {
    family: 'llama',
    layers: 2,
    width: 18,
    heads: 3,
    kvHeads: 1,
    head: 6,
    hidden: 29,
    vocabulary: 61,
    positions: 64,
    norm: { kind: 'rms', epsilon: 1e-5, unit: 0, post: false },
    rotary: { theta: 1e4, llama3: { factor: 8, low: 1, high: 4, original: 16 } },
    scale: 1 / Math.sqrt(6),
    mlp: { gated: true, activation: 'silu' },
    biases: 'none',
    tied: false,
    embeddingScale: 1,
  },
  qwen2: {
    family: 'qwen2',
    layers: 2,
    width: 16,
    heads: 4,
    kvHeads: 2,
    head: 4,
    hidden: 24,
    vocabulary: 40,
    positions: 64,
    norm: { kind: 'rms', epsilon: 1e-6, unit: 0, post: false },
    rotary: { theta: 1e6 },
    scale: 0.5,
    window: { size: 7, layers: 'all' },
    mlp: { gated: true, activation: 'silu' },
    biases: 'qkv',
    tied: true,
    embeddingScale: 1,
  },
  gemma2: {
    family: 'gemma2',
    layers: 3,
    width: 12,
    heads: 4,
    kvHeads: 2,
    head: 8,
    hidden: 20,
    vocabulary: 33,
    positions: 64,
    norm: { kind: 'rms', epsilon: 1e-6, unit: 1, post: true },
    rotary: { theta: 1e4 },
    scale: 1 / Math.sqrt(6),
    scoreCap: 4,
    logitCap: 7,
    window: { size: 6, layers: 'even' },
    mlp: { gated: true, activation: 'gelu' },
    biases: 'none',
    tied: true,
    embeddingScale: Math.sqrt(12),
  },
};

/** Uniform in ±1, of seed and place. */
const uniform = (seed: number, place: number, at: number) => threefryWord(seed, 7, place, at) / 2 ** 31 - 1;

/** Weights by a formula: matrices of size 1.5/√in, norms near 1 (or 0 where a unit is added), small biases. */
export function smallWeights(spec: DecoderSpec, seed = 1): ReadonlyMap<string, Float32Array<ArrayBuffer>> {
  return new Map(
    decoderTensors(spec).map(({ name, shape }, place) => {
      const size = shape.reduce((product, n) => product * n, 1);
      const isNorm = shape.length === 1 && name.endsWith('.weight');
      const middle = isNorm ? 1 - spec.norm.unit : 0;
      const spread = shape.length === 2 ? (name.includes('blocks') ? 2 / Math.sqrt(shape[1]) : 1) : 0.3;
      return [name, Float32Array.from({ length: size }, (_, i) => middle + spread * uniform(seed, place, i))];
    }),
  );
}

/** Hands them out in pieces of some rows. */
export function smallSource(spec: DecoderSpec, weights: ReadonlyMap<string, Float32Array<ArrayBuffer>>): WeightSource {
  const tensors = decoderTensors(spec);
  return {
    spec,
    tensors,
    types: ['F32'],
    async *pieces() {
      for (const tensor of tensors) {
        const values = weights.get(tensor.name);
        if (!values) throw new Error(`no weights ${tensor.name}`);
        const [rows, inner = 1] = tensor.shape;
        const some = tensor.shape.length === 2 ? 7 : rows;
        for (let from = 0; from < rows; from += some) {
          const to = Math.min(rows, from + some);
          yield { tensor, from, to, values: values.slice(from * inner, to * inner) };
        }
      }
    },
  };
}

/** Some ids of a vocabulary. */
export const someIds = (vocabulary: number, length: number, seed: number) =>
  Array.from({ length }, (_, i) => threefryWord(seed, 3, i, 0) % vocabulary);

/** Three slots of a small decoder, everything captured, greedy. */
export function optionsOf(family: Family, of: Partial<DecoderOptions> = {}): DecoderOptions {
  return {
    spec: SMALL[family],
    storage: 'f32',
    slots: 3,
    context: 40,
    capture: { components: COMPONENTS, windows: 2, kept: true },
    sampling: { temperature: 0, topK: 0, topP: 1 },
    ends: [],
    scored: true,
    ...of,
  };
}

/** A text of a slot: lengths differ from slot to slot. */
export function textOf(family: Family, slot: number, of: Partial<TextStart> = {}): TextStart {
  const ids = someIds(SMALL[family].vocabulary, 3 + ((slot * 5) % 11), 40 + slot);
  return {
    slot,
    ids,
    prompt: ids.length,
    newTokens: 14 - (slot % 4),
    seed: 900 + slot,
    windows: [
      [0, ids.length],
      [ids.length, Number.POSITIVE_INFINITY],
    ],
    strength: 0,
    ...of,
  };
}
