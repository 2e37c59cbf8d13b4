/**
 * The shear kernels held against stored values of their f64 twin, on a device that has just opened: the session that a run would open,
 * on one small galaxy. Loaded when a device is tried.
 */
import type { GpuContext } from '../../gpu/context.ts';
import type { PosteriorItem } from '../../results/posterior/item.ts';
import { largestError, selfTestCheck } from '../self-test.ts';
import type { Precision, SelfTestCheck } from '../workload.ts';
import { planShear } from './gpu/plan.ts';
import { openGpuSession } from './gpu/session.ts';
import { chooseShape } from './gpu/shape.ts';
import type { ShearPeek } from './peek.ts';
import type { ShearProblem } from './problem.ts';
import stored from './self-test.json' with { type: 'json' };
import { SELF_TEST_TRANSITIONS, selfTestProblem, storedPixels } from './self-test-problem.ts';

/** Device time a slice may take; several fit between two frames' worth of other work. */
const SLICE_MS = 100;

/**
 * What the tests allow two software drivers at a signal-to-noise ratio of 637 (`gpu/twin-agreement.test.ts`, `gpu/kernels.test.ts`). Here it
 * is a tenth of that, and with it the error in posterior widths; log densities are sums over as many pixels.
 */
const DRAW_WIDTHS = 3e-4 / 10;
const ENERGY = 1e-3;
const IMAGE_OF_PEAK = 1.5e-6;
/** Room for graphics hardware, which fuses, reorders and rounds in ways of its own. */
const ROOM = 3;

/** Throws the typed errors of `GpuContext`, and what `collect` objects to; frees all memory however it ends. */
export async function selfTestShear(gpu: GpuContext, precision: Precision): Promise<SelfTestCheck[]> {
  const problem = selfTestProblem();
  const { peek, item } = await sample(gpu, problem);
  const transitions = `${item.chains * SELF_TEST_TRANSITIONS} transitions`;
  const stat = (name: string) => item.stats.find((column) => column.name === name)?.values ?? [];
  const draws = item.parameters.map(({ values }, j) =>
    largestError(values, stored.draws[j], () => 1 / stored.widths[j]),
  );
  const peak = Math.max(...stored.model);
  return [
    selfTestCheck({
      name: 'Model stamp',
      precision,
      measure: `largest error of ${stored.model.length} pixels, of the peak`,
      measured: largestError(storedPixels(problem, peek.large?.model ?? []), stored.model, () => 1 / peak),
      allowed: ROOM * (IMAGE_OF_PEAK + stored.imagePerWidth * DRAW_WIDTHS),
      reason: 'WGSL’s exp2 is good to a few units of the last place, and the galaxy may stand where its draw does.',
    }),
    selfTestCheck({
      name: 'HMC draws',
      precision,
      measure: `largest error of ${transitions}, in posterior widths`,
      measured: draws.length === stored.draws.length ? largestOf(draws) : Number.NaN,
      allowed: ROOM * DRAW_WIDTHS,
      reason: 'Sums over pixels in single precision.',
    }),
    selfTestCheck({
      name: 'HMC energy errors',
      precision,
      measure: `largest error of ${transitions}`,
      measured: largestError(stat('energy_error'), stored.energyError),
      allowed: ROOM * ENERGY,
      reason: 'Differences of log densities, which are sums over pixels in single precision.',
    }),
    selfTestCheck({
      name: 'HMC acceptance',
      precision,
      measure: `largest error of ${transitions}`,
      measured: largestError(stat('acceptance_rate'), stored.acceptance),
      allowed: ROOM * ENERGY,
      reason: 'min(1, exp(−ΔH)) changes at most as much as the energy error does.',
    }),
  ];
}

/** Runs the stored galaxy to its end. */
async function sample(gpu: GpuContext, problem: ShearProblem): Promise<{ peek: ShearPeek; item: PosteriorItem }> {
  const shape = chooseShape(gpu.report, problem.spec);
  const session = await openGpuSession(gpu, problem, planShear(problem.spec, 1), shape);
  try {
    await session.start([0]);
    while ((await session.advance(SLICE_MS)).phase !== 'done');
    const peek = (await session.peek(0, 0)) as ShearPeek;
    const [item] = await session.collect();
    return { peek, item };
  } finally {
    session.close();
  }
}

function largestOf(values: readonly number[]): number {
  return values.reduce((largest, value) => (Number.isNaN(value) ? value : Math.max(largest, value)), 0);
}
