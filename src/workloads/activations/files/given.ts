/** Vectors of the user's to steer by. */
import type { RunInputs } from '../../workload.ts';

/** What is added behind blocks. Rows by the number of the block, counted from 1. */
export interface SteeringVectors {
  readonly name: string;
  readonly sha256: string;
  readonly byBlock: ReadonlyMap<number, Float32Array<ArrayBuffer>>;
}

export const vectorsOf = (_inputs: RunInputs): SteeringVectors | undefined => undefined;
