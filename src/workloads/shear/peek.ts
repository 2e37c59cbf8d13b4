/** What a look at a galaxy shows: its chains, and the images of one of them. */
import type { ChainsLook } from '../../results/posterior/chains-look.ts';
import type { Peek } from '../workload.ts';

/** Row-major, ny × nx. */
export interface Images {
  readonly ny: number;
  readonly nx: number;
  readonly data: Float32Array;
  /** At the current position of the chain. */
  readonly model: Float32Array;
}

export type ShearPeek = Peek<ChainsLook, Images>;
