/** The shear experiment as the engine sees it: batched inference of the shear of galaxy stamps. */
import type { ParamValues } from '../params.ts';
import type { RunInputs, Workload } from '../workload.ts';
import { planShear } from './gpu/plan.ts';
import { openGpuSession } from './gpu/session.ts';
import { shearShaders } from './gpu/shaders.ts';
import { chooseShape } from './gpu/shape.ts';
import { itemCount } from './items.ts';
import type { ModelSpec } from './model-spec.ts';
import { readShearParams, shearParams } from './params.ts';
import { shearPresets } from './presets.ts';
import { prepareShear, type ShearProblem } from './problem.ts';
import { shearModel } from './spec.ts';
import { TwinSession } from './twin/session.ts';
import { shearWork } from './work.ts';

function specOf(params: ParamValues, inputs: RunInputs): ModelSpec {
  return shearModel(readShearParams(params), inputs).spec;
}

export const shearWorkload: Workload<ShearProblem> = {
  id: 'shear',
  title: 'Shear',
  blurb:
    'Matter between us and a galaxy stretches its image by a few per cent. Simulate many noisy galaxies, infer the stretch of each, and see how faithfully the true values come back.',
  itemName: { one: 'realization', many: 'realizations' },
  params: shearParams,
  presets: shearPresets,
  count: (params, inputs) => itemCount(readShearParams(params), inputs),
  prepare: prepareShear,
  shape: (report, params, inputs) => chooseShape(report, specOf(params, inputs)),
  plan: (params, inputs, chunk, shape) => planShear(specOf(params, inputs), chunk, shape),
  work: (params, inputs) => shearWork(specOf(params, inputs)),
  open: openGpuSession,
  reference: ({ spec, items, parameters, observation }) =>
    new TwinSession({
      spec,
      observation,
      info: (index) => items[index],
      parameterNames: parameters.map(({ name }) => name),
    }),
  shaders: shearShaders,
};
