/** Where a way back begins: the adjoint of the output, or of another value. */
import type { BackwardOptions, Seed } from '../machine.ts';
import { curvatureSeed } from './curvature-seeds.ts';
import { lossSeedKernel, packedWeights, picksSeed } from './plain-seeds.ts';
import type { Rows } from './rows.ts';
import { packedRows } from './runtime.ts';
import type { SeedPlan } from './seed-plan.ts';

/** Uploads what a seed brings. @throws RangeError for one that does not fit the rows in flight */
export async function prepareSeed(rows: Rows, options: Pick<BackwardOptions, 'seed' | 'into'>): Promise<SeedPlan> {
  const { runtime, layout } = rows;
  const { graph } = layout;
  const { seed } = options;
  switch (seed.kind) {
    case 'loss':
      await rows.lossesThere();
      runtime.upload('weights', packedWeights(rows, seed.weights));
      return { from: graph.output, key: 'seed|loss', kernels: () => [lossSeedKernel(layout)], clear: [] };
    case 'value': {
      const packed = packedRows(seed.numbers, runtime.flight, graph.widths[seed.value], layout.stride(seed.value));
      runtime.upload(layout.adjoint(seed.value), packed);
      return { from: seed.value, key: 'seed|value', kernels: () => [], clear: [] };
    }
    case 'outputs':
      return picksSeed(rows, seed, options.into !== undefined);
    default:
      return curvatureSeed(rows, seed satisfies Seed);
  }
}
