/** Decoders of random weights for everybody, prompts, and what the f64 twin makes of them. */
import type { DecoderOptions, TextStart } from '../../../src/nn/transformer/batch.ts';
import { openHostDecoder } from '../../../src/nn/transformer/host/open.ts';
import { rotaryTurns } from '../../../src/nn/transformer/rotary.ts';
import type { DecoderSpec } from '../../../src/nn/transformer/spec.ts';
import { decoderTensors, parameterCount, type WeightSource } from '../../../src/nn/transformer/weights.ts';
import { threefryWord } from '../../../src/stats/threefry.ts';

const shared = { positions: 256, tied: true, embeddingScale: 1, layers: 4 } as const;

/** The shape of the model that ships, and GPT-2's at a third of its width. */
export const MODELS: Readonly<Record<string, DecoderSpec>> = {
  'Llama 4 × 64': {
    ...shared,
    family: 'llama',
    width: 64,
    heads: 4,
    kvHeads: 4,
    head: 16,
    hidden: 172,
    vocabulary: 256,
    norm: { kind: 'rms', epsilon: 1e-5, unit: 0, post: false },
    rotary: { theta: 1e4 },
    scale: 1 / 4,
    mlp: { gated: true, activation: 'silu' },
    biases: 'none',
  },
  'GPT-2 4 × 256': {
    ...shared,
    family: 'gpt2',
    width: 256,
    heads: 4,
    kvHeads: 4,
    head: 64,
    hidden: 1024,
    vocabulary: 2048,
    norm: { kind: 'layer', epsilon: 1e-5, unit: 0, post: false },
    scale: 1 / 8,
    mlp: { gated: false, activation: 'gelu' },
    biases: 'all',
  },
};

export interface DecoderProblem {
  readonly name: string;
  readonly spec: DecoderSpec;
  readonly weights: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
  /** Ids of a prompt that is drawn from, and ids drawn. */
  readonly prompt: number;
  readonly drawn: number;
  /** Multiply-adds of a position's matrices. */
  readonly products: number;
}

const uniform = (place: number, at: number) => threefryWord(9, 1, place, at) / 2 ** 31 - 1;

export function decoderProblem(name: string, prompt: number, drawn: number): DecoderProblem {
  const spec = MODELS[name];
  if (!spec) throw new Error(`There is no model ${name}: ${Object.keys(MODELS).join(', ')}.`);
  const weights = new Map(
    decoderTensors(spec).map(({ name: tensor, shape }, place) => {
      const norm = shape.length === 1 && tensor.endsWith('.weight');
      const spread = shape.length === 2 ? (tensor.startsWith('blocks') ? 2 / Math.sqrt(shape[1]) : 1) : 0.3;
      const size = shape.reduce((product, n) => product * n, 1);
      return [tensor, Float32Array.from({ length: size }, (_, i) => (norm ? 1 : 0) + spread * uniform(place, i))];
    }),
  );
  const learned = spec.rotary ? 0 : spec.positions * spec.width;
  return { name, spec, weights, prompt, drawn, products: parameterCount(spec) - learned };
}

export function sourceOf({ spec, weights }: DecoderProblem): WeightSource {
  const tensors = decoderTensors(spec);
  return {
    spec,
    tensors,
    types: ['F32'],
    async *pieces() {
      for (const tensor of tensors)
        yield { tensor, from: 0, to: tensor.shape[0], values: tensorOf(weights, tensor.name) };
    },
  };
}

export function tensorOf(weights: DecoderProblem['weights'], name: string): Float32Array<ArrayBuffer> {
  const values = weights.get(name);
  if (!values) throw new Error(`no tensor ${name}`);
  return values;
}

/** (in, out) of a matrix that is (out, in) here. */
export function turned(weights: DecoderProblem['weights'], name: string, outputs: number): Float32Array<ArrayBuffer> {
  const values = tensorOf(weights, name);
  const inputs = values.length / outputs;
  return Float32Array.from(
    { length: values.length },
    (_, i) => values[(i % outputs) * inputs + Math.floor(i / outputs)],
  );
}

/** Ids of a text's prompt. */
export const promptOf = ({ spec, prompt }: DecoderProblem, text: number): readonly number[] =>
  Array.from({ length: prompt }, (_, at) => threefryWord(3, text, at, 0) % spec.vocabulary);

/** Cosines and sines of positions [from, to), [positions][head / 2] each. */
export function turnsOf({ spec }: DecoderProblem, from: number, to: number) {
  const half = spec.head / 2;
  const turns = spec.rotary ? rotaryTurns(spec, to) : new Float32Array(to * spec.head);
  const part = (which: number) =>
    Float32Array.from({ length: (to - from) * half }, (_, i) => turns[2 * (from * half + i) + which]);
  return { cosines: part(0), sines: part(1) };
}

export const optionsOf = ({ spec, prompt, drawn }: DecoderProblem, slots: number): DecoderOptions => ({
  spec,
  storage: 'f32',
  slots,
  context: prompt + drawn,
  capture: { components: [], windows: 0, kept: false },
  sampling: { temperature: 0, topK: 0, topP: 1 },
  ends: [],
  scored: false,
});

export const startsOf = (problem: DecoderProblem, slots: number, newTokens: number): readonly TextStart[] =>
  Array.from({ length: slots }, (_, slot) => ({
    slot,
    ids: promptOf(problem, slot),
    prompt: problem.prompt,
    newTokens,
    seed: 1,
    windows: [],
    strength: 0,
  }));

/** What is drawn after some prompts, by the f64 twin. */
export async function expectedTokens(problem: DecoderProblem, texts: number): Promise<readonly (readonly number[])[]> {
  const batch = await openHostDecoder(sourceOf(problem), optionsOf(problem, texts), 'f64');
  await batch.place(startsOf(problem, texts, problem.drawn));
  await batch.advance(Number.POSITIVE_INFINITY);
  const states = await batch.states();
  batch.close();
  return states.map(({ drawn }) => [...drawn]);
}
