/** How flow runs without a GPU: with the network in f32 where ONNX Runtime loads, else as the f64 twin. */

import { loadOnnxRuntime, type OnnxRuntime } from '../../../nn/onnx-runtime.ts';
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import { type CpuPath, type Session, TWIN_ARITHMETIC } from '../../workload.ts';
import type { FlowProblem } from '../problem.ts';
import { twinWalker } from '../twin/walker.ts';
import { FlowCpuSession } from './session.ts';
import { tileWalker } from './tile.ts';
import { VelocityNetwork } from './velocity.ts';

export function openTwinSession(problem: FlowProblem): Session<PosteriorItem> {
  return new FlowCpuSession(problem, twinWalker(problem));
}

/** @param load another way to get the library, for tests */
export async function flowCpuPath(load = loadOnnxRuntime): Promise<CpuPath<FlowProblem, PosteriorItem>> {
  let runtime: OnnxRuntime;
  try {
    runtime = await load();
  } catch (error) {
    return {
      arithmetic: TWIN_ARITHMETIC,
      warning: `ONNX Runtime could not be loaded (${error instanceof Error ? error.message : String(error)}), so the f64 twin runs instead: right, and ten to thirty times slower.`,
      open: async (problem) => openTwinSession(problem),
    };
  }
  return {
    arithmetic: {
      name: `ONNX Runtime Web ${runtime.env.versions.web ?? runtime.env.versions.common}`,
      precision: 'f32',
    },
    open: async (problem, _chunk, sizes) => {
      const { model, params, seed } = problem;
      const network = await VelocityNetwork.open(runtime, model, sizes['flow.cpuRows']);
      return new FlowCpuSession(problem, tileWalker(model, network, { ...params, seed }));
    },
  };
}
