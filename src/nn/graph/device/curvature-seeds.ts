/** Seeds of curvature: labels, class, Gauss–Newton, empirical Fisher. */
import type { Seed } from '../machine.ts';
import type { Rows } from './rows.ts';
import type { SeedPlan } from './seed-plan.ts';

export async function curvatureSeed(_rows: Rows, seed: Seed): Promise<SeedPlan> {
  throw new RangeError(`there are no kernels of the seed ${seed.kind}`);
}
