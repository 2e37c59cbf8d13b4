/** A small decoder, weights without zeros, a batch, and what compares flat gradients with the twin's. */
import type { DecoderSpec } from '../../src/nn/transformer/spec.ts';
import { initialDecoder } from '../../src/nn/transformer/training/init.ts';
import { trainedTensors } from '../../src/nn/transformer/training/tensors.ts';
import type { Parameters, TokenBatch } from '../../src/nn/transformer/training/twin.ts';

/** A Llama that fills no block: 13 tokens a sequence, 3 layers. */
export const SMALL: DecoderSpec = {
  family: 'llama',
  layers: 3,
  width: 32,
  heads: 2,
  kvHeads: 2,
  head: 16,
  hidden: 44,
  vocabulary: 20,
  positions: 64,
  norm: { kind: 'rms', epsilon: 1e-5, unit: 0, post: false },
  rotary: { theta: 1e4 },
  scale: 0.25,
  mlp: { gated: true, activation: 'silu' },
  biases: 'none',
  tied: true,
  embeddingScale: 1,
};

const wave = (i: number) => Math.sin(1.3 * i + 0.4 * ((i * i) % 7));

/** The flat vector of starting weights, everything moved: norms of 1 would hide their part in slopes. */
export function movedWeights(spec: DecoderSpec): Float32Array<ArrayBuffer> {
  const start = initialDecoder(spec, 1);
  return start.map((weight, i) => weight + 0.1 * wave(i));
}

export function parametersOf(spec: DecoderSpec, flat: ArrayLike<number>): Parameters {
  return new Map(
    trainedTensors(spec).tensors.map(({ name, shape, at }) => {
      const count = shape.reduce((a, b) => a * b, 1);
      return [name, Float64Array.from({ length: count }, (_, i) => flat[at + i])];
    }),
  );
}

export function batchOf(spec: DecoderSpec, batch: number, length: number): TokenBatch {
  const rows = batch * length;
  const token = (i: number) => (5 * i + ((i * i) >> 2)) % spec.vocabulary;
  return {
    batch,
    tokens: Array.from({ length: rows }, (_, i) => token(i)),
    targets: Array.from({ length: rows }, (_, i) => token(i + 1)),
    weights: Array.from({ length: rows }, (_, i) => (i % 7 === 3 ? 0 : Math.fround(1 / rows))),
  };
}

/** |found − expected| / |expected| of every tensor. */
export function relativeErrors(
  spec: DecoderSpec,
  flat: Float32Array,
  expected: ReadonlyMap<string, Float64Array>,
): Map<string, number> {
  return new Map(
    trainedTensors(spec).tensors.map(({ name, at }) => {
      const values = expected.get(name)!;
      const squares = values.reduce((sum, value, i) => sum + (flat[at + i] - value) ** 2, 0);
      return [name, Math.sqrt(squares / values.reduce((sum, value) => sum + value ** 2, 0))];
    }),
  );
}
