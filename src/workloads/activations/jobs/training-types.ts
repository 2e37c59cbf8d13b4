/** Training the story model as the page asks for it and hears of it. */

import type { SizeOverrides } from '../../../batch/sizes.ts';
import type { FolderPart } from '../../../bundle/blob-folder.ts';
import type { RunConfig } from '../../../engine/config/run-config.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import type { DecoderSpec } from '../../../nn/transformer/spec.ts';
import type {
  TrainingEnded,
  TrainingJobTypes,
  TrainingMessages,
  TrainingProgress,
} from '../../../worker/training/types.ts';

/** What differs from the default recipe. */
export interface TrainingWish {
  readonly config: RunConfig;
  readonly steps?: number;
  readonly layers?: number;
  readonly width?: number;
  readonly heads?: number;
  /** Texts a step. */
  readonly batch?: number;
  /** Largest learning rate. */
  readonly rate?: number;
  readonly seed?: number;
  /** Kept along the way, the first and the last weights among them; 0 for none. */
  readonly checkpoints?: number;
  readonly sizes?: SizeOverrides;
}

/** Answer, when the first steps are done. */
export interface TrainReply {
  readonly spec: DecoderSpec;
  readonly parameters: number;
  readonly plan: BufferPlan;
  readonly stories: { readonly training: number; readonly validation: number; readonly heldOut: number };
  readonly batch: number;
  /** That are kept of it. */
  readonly checkpoints: number;
  /** Tokens of a story in a step. */
  readonly length: number;
}

/** Mean −log p of stories that are not learned from, nats a token, and its standard error over texts. */
export interface StoryLoss {
  readonly nats: number;
  readonly error: number;
}

export type TrainingEvent =
  | TrainingProgress
  /** By the averaged weights, on the stories that judge. */
  | { readonly type: 'judged'; readonly judgements: readonly (StoryLoss & { readonly step: number })[] }
  /** Stories that it writes now, from the same beginnings each time. */
  | { readonly type: 'samples'; readonly step: number; readonly texts: readonly string[] }
  /** What counts alone say of held-out stories, nats a token: every word by its frequency, by the word before; and what nothing can go below. */
  | {
      readonly type: 'baselines';
      readonly unigram: number;
      readonly bigram: number;
      readonly entropy?: number;
    }
  /** At the end, on stories held out until then. */
  | { readonly type: 'score'; readonly score: StoryLoss & { readonly texts: number } }
  | TrainingEnded;

export interface TrainedPath {
  readonly name: string;
  /** Files of its folder. */
  readonly model: readonly FolderPart[];
  readonly path: readonly FolderPart[];
}

export interface TrainingTypes extends TrainingJobTypes {
  readonly wish: TrainingWish;
  readonly reply: TrainReply;
  readonly event: TrainingEvent;
  readonly messages: TrainingMessages & {
    /** What was trained last, with the checkpoints that it passed. */
    path(): TrainedPath;
  };
}
