/** The banana experiment as the engine sees it. */
import { defaultSizes } from '../../batch/sizes.ts';
import type { PosteriorItem } from '../../results/posterior/item.ts';
import { posteriorResults } from '../../results/posterior/kind.ts';
import type { Workload } from '../workload.ts';
import { bananaExperiment, readBananaParams } from './experiment.ts';
import { bananaKernel, planBanana } from './gpu/plan.ts';
import { type BananaProblem, bananaProblem } from './problem.ts';

export const bananaWorkload: Workload<BananaProblem, PosteriorItem> = {
  ...bananaExperiment,
  results: posteriorResults(),
  configure: (values, _inputs, { sizes = defaultSizes } = {}) => {
    const params = readBananaParams(values);
    const { bananas, chains, warmup, draws, leapfrogs } = params;
    return {
      count: bananas,
      work: {
        // A gradient and a potential are about 12 operations each; a transition reads and writes its state and its draw.
        flopPerUnit: 24,
        bytesPerUnit: 44 / (leapfrogs + 1),
        unitsPerItem: chains * (warmup + draws) * (leapfrogs + 1),
      },
      // How threads share the work changes no bit, so nothing of it is recorded.
      shape: () => ({
        workgroupsPerItem: chains / sizes['banana.threads'],
        record: {},
      }),
      plan: (chunk) => planBanana(params, chunk, sizes),
      // Two parameters and five statistics in f64, a count and a flag.
      resultBytes: chains * draws * (7 * 8 + 4 + 1),
      prepare: (seed) => bananaProblem(params, seed),
    };
  },
  open: async (gpu, problem, plan, _shape, sizes) =>
    (await import('./gpu/session.ts')).openBananaSession(gpu, problem, plan, sizes),
  reference: async (problem) => new (await import('./twin/session.ts')).BananaTwinSession(problem),
  shaders: async (_problem, _shape, sizes) => {
    const { linkShader } = await import('../../gpu/shaders.ts');
    return { 'hmc.wgsl': linkShader(bananaKernel(sizes).shader).wgsl };
  },
};
