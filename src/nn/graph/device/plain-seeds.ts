/** Seeds of a loss, and of single outputs. */
import type { Seed } from '../machine.ts';
import type { GraphKernel } from './kernel.ts';
import type { Layout } from './layout.ts';
import type { Rows } from './rows.ts';
import type { SeedPlan } from './seed-plan.ts';

/** Output's adjoint: ω (p − y), or 2 ω (y − target). */
export function lossSeedKernel(_layout: Layout): GraphKernel {
  throw new RangeError('there are no kernels of a loss');
}
/** One number a position, as they lie in `weights`. @throws RangeError for another number of them */
export function packedWeights(_rows: Rows, _weights: readonly ArrayLike<number>[]): Float32Array<ArrayBuffer> {
  throw new RangeError('there are no weights');
}
export function picksSeed(_rows: Rows, _seed: Extract<Seed, { kind: 'outputs' }>, _gradients: boolean): SeedPlan {
  throw new RangeError('there are no picks');
}
