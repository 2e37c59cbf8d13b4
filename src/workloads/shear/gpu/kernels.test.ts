/** The pixel loop, chain rule and fit of `shaders/shear` against their f64 twin; more variants: `kernels.validate.ts`. */
import { afterAll, beforeAll } from 'vitest';
import type { GpuContext } from '../../../gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../../gpu/testing.ts';
import { describeKernels } from '../test-support/kernel-agreement.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

// Every shape, every number of parameters and both PSF paths appear, and every two of: number of parameters, one thread or several, PSF path.
describeKernels(
  () => gpu,
  [
    { psf: 'gaussian', free: 4, threads: [8] },
    { psf: 'gaussian', free: 6, threads: [1, 64] },
    { psf: 'gaussian', free: 8, threads: [1] },
    { psf: 'moffat', free: 4, threads: [1] },
    { psf: 'moffat', free: 8, threads: [32] },
  ],
);
