/** The shear experiment as the engine sees it: batched inference of the shear of galaxy stamps. */

import type { PosteriorItem } from '../../results/posterior/item.ts';
import { posteriorResults } from '../../results/posterior/kind.ts';
import type { ParamValues } from '../params.ts';
import type { RunInputs, Workload } from '../workload.ts';
import { shearExperiment } from './experiment.ts';
import { planShear } from './gpu/plan.ts';
import { asKernelShape, asShearShape, chooseShape } from './gpu/shape.ts';
import { itemCount } from './items.ts';
import type { ModelSpec } from './model-spec.ts';
import { readShearParams } from './params.ts';
import { shearPosterior } from './posterior.ts';
import { prepareShear, type ShearProblem } from './problem.ts';
import { rescueObjection, rescueParams } from './rescue.ts';
import { levelOf } from './shine/levels.ts';
import { shearModel } from './spec.ts';
import { shearWork } from './work.ts';

function specOf(params: ParamValues, inputs: RunInputs): ModelSpec {
  return shearModel(readShearParams(params), inputs).spec;
}

export const shearWorkload: Workload<ShearProblem, PosteriorItem> = {
  ...shearExperiment,
  results: posteriorResults(shearPosterior, async () => (await import('./shine/forms.ts')).shineForms(levelOf)),
  count: (params, inputs) => itemCount(readShearParams(params), inputs),
  prepare: prepareShear,
  rescue: rescueParams,
  rescueObjection,
  shape: (report, params, inputs, sizes) => asKernelShape(chooseShape(report, specOf(params, inputs), sizes)),
  plan: (params, inputs, chunk, _shape, sizes) => planShear(specOf(params, inputs), chunk, sizes),
  work: (params, inputs) => shearWork(specOf(params, inputs)),
  open: async (gpu, problem, plan, shape, sizes) =>
    (await import('./sessions.ts')).openGpuSession(gpu, problem, plan, asShearShape(shape), sizes),
  reference: async (problem) => (await import('./sessions.ts')).openTwinSession(problem),
  selfTest: async (...given) => (await import('./self-test.ts')).selfTestShear(...given),
  shaders: async (problem, shape, sizes) =>
    (await import('./sessions.ts')).shearShaders(problem, asShearShape(shape), sizes),
};
