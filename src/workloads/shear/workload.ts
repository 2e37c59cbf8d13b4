/** The shear experiment as the engine sees it: batched inference of the shear of galaxy stamps. */

import type { PosteriorItem } from '../../results/posterior/item.ts';
import { posteriorResults } from '../../results/posterior/kind.ts';
import type { Workload } from '../workload.ts';
import { shearExperiment } from './experiment.ts';
import { statedParams } from './file-facts.ts';
import { planShear } from './gpu/plan.ts';
import { asKernelShape, asShearShape, chooseShape } from './gpu/shape.ts';
import { itemCount } from './items.ts';
import { readShearParams } from './params.ts';
import { shearPosterior } from './posterior.ts';
import { fileWarnings, type ShearProblem, shearProblem } from './problem.ts';
import { rescueObjection, rescueParams } from './rescue.ts';
import { levelOf } from './shine/levels.ts';
import { shearModel } from './spec.ts';
import { resultBytes, shearWork } from './work.ts';

export const shearWorkload: Workload<ShearProblem, PosteriorItem> = {
  ...shearExperiment,
  results: posteriorResults(shearPosterior, async () => (await import('./shine/forms.ts')).shineForms(levelOf)),
  stated: statedParams,
  configure: (values, inputs, { sizes, attempt } = {}) => {
    const params = readShearParams(values);
    const model = shearModel(params, inputs, attempt);
    const { spec } = model;
    return {
      count: itemCount(params, inputs),
      work: shearWork(spec),
      shape: (report) => asKernelShape(chooseShape(report, spec, sizes)),
      plan: (chunk) => planShear(spec, chunk, sizes),
      resultBytes: resultBytes(spec),
      facts: async () => (await import('./data-facts.ts')).dataFacts(params, inputs),
      concerns: () => fileWarnings(params, inputs),
      prepare: (seed) => shearProblem(params, model, seed, inputs),
    };
  },
  rescue: { params: rescueParams, objection: rescueObjection },
  open: async (gpu, problem, plan, shape, sizes) =>
    (await import('./sessions.ts')).openGpuSession(gpu, problem, plan, asShearShape(shape), sizes),
  reference: async (problem) => (await import('./sessions.ts')).openTwinSession(problem),
  selfTest: async (...given) => (await import('./self-test.ts')).selfTestShear(...given),
  shaders: async (problem, shape, sizes) =>
    (await import('./sessions.ts')).shearShaders(problem, asShearShape(shape), sizes),
};
