/** The flow experiment as the engine sees it: posterior samples of many observations along a trained flow. */

import type { PosteriorItem } from '../../results/posterior/item.ts';
import { posteriorResults } from '../../results/posterior/kind.ts';
import type { RunInputs, Workload } from '../workload.ts';
import { flowExperiment, flowPosterior } from './experiment.ts';
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
  count: (params, inputs) => {
    const { code, task } = loaded(inputs);
    return code.itemCount(task, code.readFlowParams(params), inputs);
  },
  prepare: (params, seed, inputs, _rescue, precision) =>
    loaded(inputs).code.prepareFlow(loaded(inputs), params, seed, inputs, precision),
  shape: (report, params, inputs, sizes, precision) => {
    const { code, model, task } = loaded(inputs);
    const read = code.readFlowParams(params);
    const samples = code.itemCount(task, read, inputs) * read.samples;
    const shape = code.chooseFlowShape(report, model.net, read.steps, sizes, precision, samples);
    return asKernelShape(shape, read.samples);
  },
  plan: (params, inputs, chunk, shape, sizes) => {
    const { code, model } = loaded(inputs);
    return code.planFlow(model, code.readFlowParams(params), chunk, asFlowShape(shape), sizes);
  },
  work: (params, inputs) => {
    const { code, model } = loaded(inputs);
    return code.flowWork(model, code.readFlowParams(params));
  },
  concerns: (params, inputs) => {
    const { code, task, model } = loaded(inputs);
    return code.farObservations(task, model, code.readFlowParams(params), inputs);
  },
  networkMemory: (_params, inputs, shape) => {
    const { code, model } = loaded(inputs);
    return code.flowNetworkMemory(model, asFlowShape(shape));
  },
  open: async (gpu, problem, plan, shape, sizes) =>
    (await import('./sessions.ts')).openGpuSession(gpu, problem, plan, asFlowShape(shape), sizes),
  reference: async (problem) => (await import('./sessions.ts')).openTwinSession(problem),
  pathStart: async (problem, item) => (await import('./sessions.ts')).pathStart(problem, item),
  cpu: async () => (await import('./sessions.ts')).flowCpuPath(),
  selfTest: async (...given) => (await import('./self-test.ts')).selfTestFlow(...given),
  exact: async (params) => (await import('./exact.ts')).exactFlow(params),
  shaders: async (problem, shape) => (await import('./sessions.ts')).flowShaders(problem, asFlowShape(shape)),
};
