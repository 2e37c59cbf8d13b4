/** Training as the page asks for it and hears of it. */
import type { SizeOverrides } from '../../../batch/sizes.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import type { TrainingEnded, TrainingJobTypes, TrainingProgress } from '../../../worker/training/types.ts';
import type { Recipe } from '../training/recipe.ts';

/** What differs from the task's recipe. */
export interface TrainingWish extends Partial<Omit<Recipe, 'optimiser'>> {
  readonly task: string;
  readonly steps?: number;
  /** Largest learning rate. */
  readonly rate?: number;
  /** Id of the observation that is looked at; the task's first unless given. */
  readonly observation?: string;
  /** Sizes of the batch table that differ from the adapter's. */
  readonly sizes?: SizeOverrides;
}

/** Answer, when the first steps are done. */
export interface TrainReply {
  readonly recipe: Recipe;
  /** Parameters of the network. */
  readonly parameters: number;
  readonly plan: BufferPlan;
}

/** Samples of one observation by the network so far. */
export interface TrainingLook {
  readonly step: number;
  readonly observation: string;
  /** [samples][dimension]. */
  readonly samples: Float32Array;
  readonly dimension: number;
}

/** C2ST of the network so far, with few samples: noisier than an evaluation's, which has 10,000 on either side. */
export interface TrainingScore {
  readonly step: number;
  readonly observation: string;
  readonly c2st: number;
  /** Of a second exact draw of the same size: what a perfect network would get. */
  readonly selfControl: number;
  /** Samples on either side. */
  readonly samples: number;
}

export type TrainingEvent =
  | TrainingProgress
  | { readonly type: 'look'; readonly look: TrainingLook }
  | { readonly type: 'score'; readonly score: TrainingScore }
  /** The network of the last kept step can be used and saved. */
  | TrainingEnded;

export interface TrainingTypes extends TrainingJobTypes {
  readonly wish: TrainingWish;
  readonly reply: TrainReply;
  readonly event: TrainingEvent;
}
