/** Sessions of cells without a device: f64 throughout, or the network in f32 where ONNX Runtime loads. */
import { type BatchSizes, defaultSizes } from '../../batch/sizes.ts';
import { loadOnnxRuntime, type OnnxRuntime } from '../../nn/onnx-runtime.ts';
import type { TokenItem } from '../../results/tokens/item.ts';
import { type CpuPath, TWIN_ARITHMETIC } from '../workload.ts';
import { OnnxNetworkPredictor } from './cpu/network-predictor.ts';
import type { CellsProblem } from './problem.ts';
import { MixturePredictor } from './sampling/mixture-predictor.ts';
import type { Predictor } from './sampling/predictor.ts';
import { TwinSampler } from './sampling/twin.ts';
import { CellsSession } from './session.ts';
import { settingsOf } from './settings-of.ts';
import { TwinNetworkPredictor } from './twin/network-predictor.ts';

function twinPredictor({ model, params }: CellsProblem): Predictor {
  if (model.kind === 'network') return new TwinNetworkPredictor(model.spec, model.weights, settingsOf(params, model));
  return new MixturePredictor(model.mixture);
}

const session = (problem: CellsProblem, predictor: Predictor, sizes?: BatchSizes) =>
  new CellsSession(problem, new TwinSampler(settingsOf(problem.params, problem.model), predictor, sizes));

export function openTwinSession(problem: CellsProblem): CellsSession {
  return session(problem, twinPredictor(problem));
}

/** @param load another way to get the library, for tests */
export async function cellsCpuPath(load = loadOnnxRuntime): Promise<CpuPath<CellsProblem, TokenItem>> {
  let runtime: OnnxRuntime;
  try {
    runtime = await load();
  } catch (error) {
    return {
      arithmetic: TWIN_ARITHMETIC,
      warning: `ONNX Runtime could not be loaded (${error instanceof Error ? error.message : String(error)}), so the f64 twin runs instead: right, and some thirty times slower.`,
      open: async (problem) => openTwinSession(problem),
    };
  }
  return {
    arithmetic: {
      name: `ONNX Runtime Web ${runtime.env.versions.web ?? runtime.env.versions.common}`,
      precision: 'f32',
    },
    open: async (problem, _chunk, sizes = defaultSizes) => {
      const { model, params } = problem;
      if (model.kind === 'mixture') return session(problem, twinPredictor(problem), sizes);
      const { spec, weights } = model;
      return session(
        problem,
        await OnnxNetworkPredictor.open(runtime, spec, weights, settingsOf(params, model)),
        sizes,
      );
    },
  };
}
