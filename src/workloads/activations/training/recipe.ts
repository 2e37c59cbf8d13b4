/** A training of a small decoder by its numbers, without an adapter. */
import * as v from 'valibot';
import { batchEntry, defaultSizes, type SizeOverrides, sizeObjection } from '../../../batch/sizes.ts';
import { type AdamwHyper, DEFAULT_OPTIMISER } from '../../../nn/optimiser/adamw.ts';
import type { DecoderSpec } from '../../../nn/transformer/spec.ts';
import { checkTrainable } from '../../../nn/transformer/training/tensors.ts';
import { ConfigError } from '../../workload.ts';

export interface StoryRecipe {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  /** Hidden units of the MLP. */
  readonly hidden: number;
  readonly optimiser: AdamwHyper;
  /** Texts a step, and tokens of each. */
  readonly batch: number;
  readonly length: number;
  /** Of starting weights and batches. */
  readonly seed: number;
  /** Of the stories, and how many there are to learn from. */
  readonly storySeed: number;
  readonly stories: number;
  /** Steps from one judgement by stories it does not see to the next. */
  readonly judgeEvery: number;
}

export const DEFAULT_RECIPE: StoryRecipe = {
  layers: 4,
  width: 64,
  heads: 4,
  hidden: 176,
  optimiser: {
    ...DEFAULT_OPTIMISER,
    rate: 3e-3,
    warmup: 100,
    steps: 2000,
    beta2: 0.99,
    decay: 0.01,
    clip: 1,
    average: 0.98,
  },
  batch: defaultSizes['activations.trainingBatch'],
  length: 72,
  seed: 1,
  storySeed: 1,
  stories: 20_000,
  judgeEvery: 100,
};

/** An optimiser of another length or rate; a short training warms up over a tenth of its steps. */
export function optimiserOf(base: AdamwHyper, { steps = base.steps, rate = base.rate }): AdamwHyper {
  return { ...base, steps, rate, warmup: Math.min(base.warmup, Math.ceil(steps / 10)) };
}

const MOST = 2 ** 32 - 1;
/** Positions that a trained decoder is given, whatever it was trained on: rotary positions go on. */
const POSITIONS = 256;
const whole = (from: number, to: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(from), v.maxValue(to));
const between = (from: number, to: number) => v.pipe(v.number(), v.minValue(from), v.maxValue(to));

const RECIPE_SCHEMA = v.object({
  layers: whole(1, 48),
  width: whole(8, 1024),
  heads: whole(1, 64),
  hidden: whole(4, 8192),
  optimiser: v.object({
    rate: between(1e-8, 1),
    floor: between(0, 1),
    warmup: whole(0, MOST),
    steps: whole(1, 10_000_000),
    beta1: between(0, 1),
    beta2: between(0, 1),
    epsilon: between(0, 1),
    decay: between(0, 10),
    clip: between(1e-6, 1e6),
    average: between(0, 1),
  }),
  batch: v.number(),
  length: whole(8, 2048),
  seed: whole(0, MOST),
  storySeed: whole(0, MOST),
  stories: whole(100, 1_000_000),
  judgeEvery: whole(1, MOST),
});

/** Flags are called otherwise than fields. */
const FLAGS: Readonly<Record<string, string>> = {
  storySeed: 'story-seed',
  judgeEvery: 'judge-every',
  'optimiser.rate': 'learning-rate',
  'optimiser.steps': 'steps',
};

/** @throws ConfigError for the first field that is wrong, by the name of its flag */
export function checkStoryRecipe(given: unknown): StoryRecipe {
  const found = v.safeParse(RECIPE_SCHEMA, given);
  if (!found.success) {
    const [issue] = found.issues;
    const path = v.getDotPath(issue) ?? 'recipe';
    throw new ConfigError(FLAGS[path] ?? path, `${issue.message}.`);
  }
  const objection = sizeObjection(batchEntry('activations.trainingBatch')!, found.output.batch);
  if (objection !== undefined) throw new ConfigError('batch', objection);
  return found.output;
}

/** The decoder that a recipe makes of a vocabulary: a Llama. @throws ConfigError where it has no kernel */
export function specOf({ layers, width, heads, hidden, length }: StoryRecipe, vocabulary: number): DecoderSpec {
  const head = width / heads;
  const spec: DecoderSpec = {
    family: 'llama',
    layers,
    width,
    heads,
    kvHeads: heads,
    head,
    hidden,
    vocabulary,
    positions: Math.max(POSITIONS, length),
    norm: { kind: 'rms', epsilon: 1e-5, unit: 0, post: false },
    rotary: { theta: 1e4 },
    scale: 1 / Math.sqrt(head),
    mlp: { gated: true, activation: 'silu' },
    biases: 'none',
    tied: true,
    embeddingScale: 1,
  };
  try {
    checkTrainable(spec);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const field = error.message.split(' ')[0];
    throw new ConfigError(field === 'head' ? 'heads' : field, `${error.message}.`);
  }
  return spec;
}

/** @throws ConfigError for an unknown key or a value that cannot be used */
export function checkTrainingSizes(sizes: Readonly<Record<string, unknown>>): SizeOverrides {
  for (const [key, value] of Object.entries(sizes)) {
    const entry = batchEntry(key);
    if (!entry) throw new ConfigError('size', `there is no "${key}" in the batch table; see \`lockstep sizes\`.`);
    if (key === 'activations.trainingBatch')
      throw new ConfigError('size', `${key} changes the model: give it as the batch.`);
    const objection = sizeObjection(entry, value);
    if (objection !== undefined) throw new ConfigError('size', `${key}: ${objection}`);
  }
  return sizes as SizeOverrides;
}
