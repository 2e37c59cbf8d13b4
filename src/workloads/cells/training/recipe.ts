/** A training of a score network by its numbers, without an adapter. */
import { defaultSizes } from '../../../batch/sizes.ts';
import type { Precision } from '../../../gpu/precision.ts';
import { type AdamwHyper, DEFAULT_OPTIMISER } from '../../../nn/optimiser/adamw.ts';
import type { ScoreNetworkSpec } from '../../../nn/score-network/spec.ts';
import { HELD_OUT_SHARE } from '../data/split.ts';
import { SPLIT_SEED } from '../problem.ts';

/** `nelbo`: the bound on −log p(cell); `masked-mean`: cross-entropy over all masked genes of a batch, as the origin trains. */
export const OBJECTIVES = ['nelbo', 'masked-mean'] as const;
export type Objective = (typeof OBJECTIVES)[number];

/** Of a network what its data do not say. */
export type NetworkShape = Pick<ScoreNetworkSpec, 'variant' | 'layers' | 'width' | 'heads' | 'timeFeatures'>;

export interface CellsRecipe extends NetworkShape {
  readonly objective: Objective;
  readonly precision: Precision;
  readonly optimiser: AdamwHyper;
  /** Cells a step. */
  readonly batch: number;
  /** Of starting weights and batches. */
  readonly seed: number;
  /** Of the split; runs know theirs by `SPLIT_SEED` and hold the same cells out. */
  readonly splitSeed: number;
  /** Probability with which a label is dropped to "none". */
  readonly drop: number;
  /** Share of the cells that is held out: never seen, and what the NLL is of. */
  readonly heldOut: number;
  /** With 2 or more, cross-validation instead: held out is the `fold`-th of so many parts, counted from 0. */
  readonly folds: number;
  readonly fold: number;
  /** Share of the other cells on which the training is judged as it goes on; with 0 it is not, and nothing stops it early. */
  readonly validation: number;
  /** Steps from one such judgement to the next, and judgements without a better one after which it stops. */
  readonly judgeEvery: number;
  readonly patience: number;
}

export const DEFAULT_RECIPE: CellsRecipe = {
  variant: 'lockstep',
  layers: 2,
  width: 32,
  heads: 2,
  timeFeatures: 0,
  objective: 'masked-mean',
  precision: 'f32',
  optimiser: { ...DEFAULT_OPTIMISER, rate: 5e-3, warmup: 50, steps: 600, decay: 0.05, clip: 1, average: 0.99 },
  batch: defaultSizes['cells.trainingBatch'],
  seed: 1,
  splitSeed: SPLIT_SEED,
  drop: 0.1,
  heldOut: HELD_OUT_SHARE,
  folds: 0,
  fold: 0,
  validation: 0.1,
  judgeEvery: 100,
  patience: 6,
};

/** An optimiser of another length, rate or decay; a short training warms up over a tenth of its steps. */
export function optimiserOf(
  base: AdamwHyper,
  { steps = base.steps, rate = base.rate, decay = base.decay, average = base.average },
): AdamwHyper {
  return { ...base, steps, rate, decay, average, warmup: Math.min(base.warmup, Math.ceil(steps / 10)) };
}
