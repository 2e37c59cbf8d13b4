/** The whole sampler against its f64 twin, in the cases that `twin-agreement.test.ts` leaves out. */
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
    { tolerance: FOUR, params: { freeParameters: '4', integrator: 'leapfrog' } },
    { tolerance: MORE, params: { freeParameters: '6', morphology: 'population' } },
  ],
);
