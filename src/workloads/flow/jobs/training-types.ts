/** Training as the page asks for it and hears of it. */
import type { SizeOverrides } from '../../../batch/sizes.ts';
import type { ErrorReport } from '../../../engine/run/progress.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import type { FileReply } from '../../../worker/file-reply.ts';
import type { Recipe } from '../training/recipe.ts';
import type { TrainingReport } from '../training/run.ts';

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

/** Answer to `save`. */
export interface SavedNetwork {
  /** File name, e.g. `two_moons-4000.safetensors`. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
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
  | { readonly type: 'progress'; readonly report: TrainingReport }
  | { readonly type: 'look'; readonly look: TrainingLook }
  | { readonly type: 'score'; readonly score: TrainingScore }
  /** It is over: done, stopped, or failed with an error; the network of the last kept step can be used and saved. */
  | { readonly type: 'ended'; readonly report: TrainingReport; readonly error?: ErrorReport };

/** The job `training`. It replies when the first steps are done; stopped, it ends with the network so far. */
export interface TrainingTypes {
  readonly wish: TrainingWish;
  readonly reply: TrainReply;
  readonly event: TrainingEvent;
  readonly messages: {
    pause(paused: boolean): void;
    /** The network trained last, or so far, as a file. */
    save(): SavedNetwork;
    /** Runs take the network trained last from now on, in the place of the one that ships, until the user's network is cleared. */
    use(): Promise<FileReply>;
  };
}
