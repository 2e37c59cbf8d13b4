/** The flow experiment as the engine sees it: posterior samples of many observations along a trained flow. */

import type { PosteriorItem } from '../../results/posterior/item.ts';
import { posteriorResults } from '../../results/posterior/kind.ts';
import type { RunInputs, Workload } from '../workload.ts';
import { flowExperiment, flowPosterior } from './experiment.ts';
import { imagesOf } from './files.ts';
import { asFlowShape, asKernelShape } from './kernel-shape.ts';
import type { LoadedFlow } from './load.ts';
import type { FlowProblem } from './problem.ts';

/** What `load` has fetched: tasks, network, and the code that plans and prepares, so that none of it weighs on a first visit. */
function loaded({ loaded: file }: RunInputs): LoadedFlow {
  if (file && 'code' in file) return file as LoadedFlow;
  throw new Error('The flow experiment needs its network: call load first.');
}

export const flowWorkload: Workload<FlowProblem, PosteriorItem> = {
  ...flowExperiment,
  results: posteriorResults(flowPosterior, async () => (await import('../shear/shine/forms.ts')).shineForms()),
  load: async (...given) => (await import('./load.ts')).loadFlow(...given),
  configure: (values, inputs, { sizes, precision } = {}) => {
    const file = loaded(inputs);
    const { code, model, task } = file;
    const params = code.readFlowParams(values);
    const count = code.itemCount(task, params, inputs);
    return {
      count,
      work: code.flowWork(model, params),
      shape: (report) => {
        const { steps, samples } = params;
        const shape = code.chooseFlowShape(report, model.net, steps, sizes, precision, count * samples);
        return asKernelShape(shape, samples);
      },
      plan: (chunk, shape) => code.planFlow(model, params, chunk, asFlowShape(shape), sizes),
      resultBytes: code.flowResultBytes(task, params),
      facts: async () => (await import('./data-facts.ts')).dataFacts(task, file.name, inputs),
      concerns: () => {
        code.checkTruths(task, inputs);
        return [...code.headerWarnings(task, imagesOf(inputs)), ...code.farObservations(task, params, inputs)];
      },
      network: {
        memory: (shape) => code.flowNetworkMemory(model, asFlowShape(shape)),
        pathStart: async (problem, item) => (await import('./sessions.ts')).pathStart(problem, item),
      },
      prepare: (seed) => code.prepareFlow(file, params, seed, inputs, precision),
    };
  },
  open: async (gpu, problem, plan, shape, sizes) =>
    (await import('./sessions.ts')).openGpuSession(gpu, problem, plan, asFlowShape(shape), sizes),
  reference: async (problem) => (await import('./sessions.ts')).openTwinSession(problem),
  cpu: async () => (await import('./sessions.ts')).flowCpuPath(),
  selfTest: async (...given) => (await import('./self-test.ts')).selfTestFlow(...given),
  exact: async (params) => (await import('./exact.ts')).exactFlow(params),
  shaders: async (problem, shape) => (await import('./sessions.ts')).flowShaders(problem, asFlowShape(shape)),
};
