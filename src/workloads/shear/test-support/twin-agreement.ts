/** The whole sampler against its f64 twin: what `twin-agreement.test.ts` and `twin-agreement.validate.ts` hold their cases to. */
import { describe, expect, it } from 'vitest';
import type { GpuContext } from '../../../gpu/context.ts';
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import type { ParamValues } from '../../params.ts';
import type { Session } from '../../workload.ts';
import { shearWorkload } from '../workload.ts';
import { kernelShapeOf } from './gpu-probe.ts';

export interface AgreementCase {
  readonly tolerance: { readonly widths: number; readonly energy: number };
  readonly params: ParamValues;
}

const base: ParamValues = { stampSize: 24, halfLightRadiusArcsec: 0.3, shearGrid: [0.02, -0.05], realizations: 1 };

async function finish(session: Session<PosteriorItem>): Promise<PosteriorItem[]> {
  await session.start([0, 1]);
  while ((await session.advance(1000)).phase !== 'done');
  const items = await session.collect();
  session.close();
  return items;
}

async function both(gpu: GpuContext, params: ParamValues): Promise<[PosteriorItem, PosteriorItem][]> {
  const configured = shearWorkload.configure(params, {});
  const problem = configured.prepare(42);
  const shape = kernelShapeOf(1);
  const session = await shearWorkload.open(gpu, problem, configured.plan(2, shape), shape);
  const found = await finish(session);
  const twin = await finish(await shearWorkload.reference(problem, 2));
  return found.map((item, i) => [item, twin[i]]);
}

/** Largest difference of the draws in posterior widths, and of a statistic. */
function differences(found: PosteriorItem, twin: PosteriorItem) {
  const widths = found.parameters.map(({ values }, j) =>
    Math.max(...Array.from(values, (value, i) => Math.abs(value - twin.parameters[j].values[i]) / twin.fit.sd[j])),
  );
  const stat = (name: string) => {
    const [a, b] = [found, twin].map((item) => item.stats.find((column) => column.name === name)!.values);
    return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));
  };
  return { widths: Math.max(...widths), stat };
}

/**
 * Tolerances in posterior widths and in units of log density. Four parameters: f32 sums (measured 8e-5 and 2.6e-4). More: log(flux/σ) is
 * kept to 4.8e-7 of a coordinate whose posterior is 1e-3 wide (measured 1.1e-3 and 5e-3). Neither grows: no decision to accept differs.
 */
export const FOUR = { widths: 3e-4, energy: 1e-3 };
export const MORE = { widths: 4e-3, energy: 1.5e-2 };
/** Absolute, on step sizes near 1. Measured 4e-4. */
const STEP_SIZE = 2e-3;

/** @param open the device, known once tests run */
export function describeAgreement(open: () => GpuContext, cases: readonly AgreementCase[]): void {
  describe.each(cases)('$params', ({ params, tolerance }) => {
    it('follows the twin from the start: draws, energies, log densities', async () => {
      for (const [found, twin] of await both(open(), { ...base, ...params, warmup: 0, draws: 6 })) {
        const { widths, stat } = differences(found, twin);
        expect(widths).toBeLessThan(tolerance.widths);
        for (const name of ['energy', 'energy_error', 'lp', 'acceptance_rate']) {
          expect(stat(name), name).toBeLessThan(tolerance.energy);
        }
        for (const name of ['n_steps', 'diverging']) expect(stat(name), name).toBe(0);
        expect(found.gradients).toBe(twin.gradients);
        // Fits agree to some 1e-4 of a width, which moves a residual by as much of σ at most.
        const statistics = ({ fit: { residuals } }: PosteriorItem) => [
          ...residuals!.neighbours.map(({ value }) => value),
          residuals!.border.value,
        ];
        statistics(found).forEach((value, k) => {
          expect(Math.abs(value - statistics(twin)[k])).toBeLessThan(1e-3);
        });
      }
    });

    it('adapts step size and metric as the twin does', async () => {
      for (const [found, twin] of await both(open(), { ...base, ...params, warmup: 24, draws: 6 })) {
        const { widths, stat } = differences(found, twin);
        expect(stat('step_size')).toBeLessThan(STEP_SIZE);
        expect(widths).toBeLessThan(tolerance.widths);
      }
    });
  });
}
