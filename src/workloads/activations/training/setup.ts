/** What a recipe comes to on an adapter. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import type { AdapterReport } from '../../../gpu/report.ts';
import type { TensorSizes } from '../../../nn/tensor/kernels.ts';
import type { Training, TrainingSizes } from '../../../nn/training/training.ts';
import type { DecoderSpec } from '../../../nn/transformer/spec.ts';
import { decoderTraining } from '../../../nn/transformer/training/decoder-training.ts';
import { windowSource } from '../../../nn/transformer/training/windows.ts';
import { ConfigError } from '../../workload.ts';
import type { Corpus } from './corpus.ts';
import type { StoryRecipe } from './recipe.ts';

/** What orders sums: kept with a training, so that it ends the same on another adapter. */
export interface SumOrder {
  readonly normParts: number;
  readonly gradientParts: number;
}

type Adapter = Pick<AdapterReport, 'software'>;

export function sumOrder(sizes: BatchSizes, { software }: Adapter): SumOrder {
  return {
    normParts: sizes['activations.normParts'],
    gradientParts: sizes[software ? 'activations.laneGradientParts' : 'activations.gradientParts'],
  };
}

/** Of the batch table what the kernels take. Software adapters run a thread a lane, and loads are what costs them. */
export function tensorSizes(sizes: BatchSizes, { software }: Adapter, { gradientParts }: SumOrder): TensorSizes {
  const quads = sizes[software ? 'activations.laneGradientQuads' : 'activations.gradientQuads'];
  return {
    linearRows: sizes[software ? 'activations.laneLinearRows' : 'activations.linearRows'],
    linearQuads: sizes[software ? 'activations.laneLinearQuads' : 'activations.linearQuads'],
    gradientInputs: quads,
    gradientOutputs: quads,
    gradientParts,
    queries: sizes[software ? 'activations.laneTrainingQueries' : 'activations.trainingQueries'],
    threads: sizes[software ? 'activations.laneTrainingThreads' : 'activations.trainingThreads'],
  };
}

export interface StorySetup {
  readonly recipe: StoryRecipe;
  readonly spec: DecoderSpec;
  readonly corpus: Corpus;
  readonly sizes: BatchSizes;
  readonly order: SumOrder;
}

/** @throws ConfigError where the texts have no stretch of the recipe's length */
export function storyTraining({ recipe, spec, corpus, sizes, order }: StorySetup, adapter: Adapter): Training {
  const { optimiser, batch, length, seed } = recipe;
  const shared = tensorSizes(sizes, adapter, order);
  const own: TrainingSizes = {
    normParts: order.normParts,
    updateThreads: shared.threads,
    lossHistory: sizes['activations.lossHistory'],
    submitsInFlight: sizes['gpu.submitsInFlight'],
  };
  const { list, begins } = corpus;
  const starts = begins.filter((begin) => begin + length < list.length);
  if (starts.length === 0)
    throw new ConfigError('length', `the texts have ${list.length} tokens in all: expected fewer than these.`);
  return decoderTraining(
    { spec, optimiser, batch, length, seed, sizes: own, tensorSizes: shared },
    windowSource({ list, starts, length }, { batch, seed, sizes: shared }),
  );
}
