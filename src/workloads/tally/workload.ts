/** The tally experiment as the engine sees it. */
import { defaultSizes } from '../../batch/sizes.ts';
import type { DatasetItem } from '../../results/dataset/item.ts';
import { datasetResults } from '../../results/dataset/kind.ts';
import type { Workload } from '../workload.ts';
import { readTallyParams, tallyExperiment, tallyResults } from './experiment.ts';
import { planTally, tallyKernel } from './gpu/plan.ts';
import { type TallyProblem, tallyProblem } from './problem.ts';
import { missingThrows, sumOfTables } from './result.ts';
import { FACES } from './twin/throws.ts';

export const tallyWorkload: Workload<TallyProblem, DatasetItem> = {
  ...tallyExperiment,
  results: datasetResults(tallyResults, { problems: missingThrows, reduce: sumOfTables }),
  configure: (values, _inputs, { sizes = defaultSizes } = {}) => {
    const params = readTallyParams(values);
    return {
      count: params.tables,
      // Twenty rounds of three operations, and one count that is read and written.
      work: { flopPerUnit: 70, bytesPerUnit: 8, unitsPerItem: params.throws },
      // How threads share the work changes no bit, so nothing of it is recorded.
      shape: () => ({ workgroupsPerItem: 1 / sizes['tally.threads'], record: {} }),
      plan: (chunk) => planTally(chunk, sizes),
      resultBytes: 4 * FACES ** 2,
      prepare: (seed) => tallyProblem(params, seed),
    };
  },
  open: async (gpu, problem, plan, _shape, sizes) =>
    (await import('./gpu/session.ts')).openTallySession(gpu, problem, plan, sizes),
  reference: async (problem) => new (await import('./twin/session.ts')).TallyTwinSession(problem),
  shaders: async (_problem, _shape, sizes) => {
    const { linkShader } = await import('../../gpu/shaders.ts');
    return { 'throws.wgsl': linkShader(tallyKernel(sizes).shader).wgsl };
  },
};
