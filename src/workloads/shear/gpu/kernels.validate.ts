/** The pixel loop, chain rule and fit of `shaders/shear` against their f64 twin, in every shape and variant. */
import { afterAll, beforeAll } from 'vitest';
import type { GpuContext } from '../../../gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../../gpu/testing.ts';
import { describeKernels } from '../test-support/kernel-agreement.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

// Every shape, every number of parameters and both PSF paths appear; not every combination, which would compile for minutes.
describeKernels(
  () => gpu,
  [
    { psf: 'gaussian', free: 4, threads: [1, 8, 32, 64] },
    { psf: 'gaussian', free: 6, threads: [1, 64] },
    { psf: 'gaussian', free: 8, threads: [1, 8] },
    { psf: 'moffat', free: 4, threads: [1] },
    { psf: 'moffat', free: 8, threads: [32] },
  ],
);
