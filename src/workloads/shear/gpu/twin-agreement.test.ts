/**
 * The whole sampler against its f64 twin: the same random numbers, so the same trajectories until rounding parts them. More cases:
 * `twin-agreement.validate.ts`.
 */
import { afterAll, beforeAll } from 'vitest';
import type { GpuContext } from '../../../gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../../gpu/testing.ts';
import { describeAgreement, FOUR, MORE } from '../test-support/twin-agreement.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

describeAgreement(
  () => gpu,
  [
    { tolerance: FOUR, params: { freeParameters: '4' } },
    // Two galaxies of their own flux, size and ellipticity side by side: each row of the chunk must use its own.
    { tolerance: FOUR, params: { freeParameters: '4', morphology: 'population' } },
    { tolerance: MORE, params: { freeParameters: '6' } },
    { tolerance: MORE, params: { freeParameters: '6', integrator: 'minimal-norm' } },
    { tolerance: MORE, params: { freeParameters: '8', integrator: 'leapfrog', integratorSteps: 2 } },
  ],
);
