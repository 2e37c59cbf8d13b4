/** Training a score network as the page asks for it and hears of it. */
import type { SizeOverrides } from '../../../batch/sizes.ts';
import type { RunConfig } from '../../../engine/config/run-config.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import type { ScoreNetworkSpec } from '../../../nn/score-network/spec.ts';
import type { TrainingEnded, TrainingJobTypes, TrainingProgress } from '../../../worker/training/types.ts';
import type { BaselineScore } from '../baselines/scores.ts';
import type { HeldOutScore } from '../training/held-out-score.ts';
import type { CellsRecipe } from '../training/recipe.ts';
import type { Judgement } from '../training/run.ts';

/** What differs from the default recipe, and the form, which says of which data, genes and bins. */
export interface TrainingWish extends Partial<Omit<CellsRecipe, 'optimiser'>> {
  readonly config: RunConfig;
  readonly steps?: number;
  /** Largest learning rate. */
  readonly rate?: number;
  /** Sizes of the batch table that differ from the adapter's. */
  readonly sizes?: SizeOverrides;
}

/** Answer, when the first steps are done. */
export interface TrainReply {
  readonly recipe: CellsRecipe;
  readonly spec: ScoreNetworkSpec;
  readonly parameters: number;
  readonly plan: BufferPlan;
  /** Cells that are learned from, that judge as it goes on, and that are held out until the end. */
  readonly cells: { readonly training: number; readonly validation: number; readonly heldOut: number };
}

export type TrainingEvent =
  | TrainingProgress
  /** NELBO of the validation cells by the averaged weights, after every `judgeEvery` steps. */
  | { readonly type: 'judged'; readonly judgements: readonly Judgement[] }
  /** Mixtures fitted to the training cells, scored on the cells that judge: what the curve has to fall below. */
  | { readonly type: 'baselines'; readonly scores: readonly BaselineScore[] }
  /** At the end: the held-out cells under the network, and under mixtures fitted to all others. */
  | { readonly type: 'score'; readonly score: HeldOutScore; readonly baselines: readonly BaselineScore[] }
  /** The network of the best judgement can be used and saved. */
  | (TrainingEnded & { readonly early: boolean });

export interface TrainingTypes extends TrainingJobTypes {
  readonly wish: TrainingWish;
  readonly reply: TrainReply;
  readonly event: TrainingEvent;
}
