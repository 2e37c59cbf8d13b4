/** Our own sampler where there is no GPU: the network in f32 with ONNX Runtime on one thread, all else as in a run. */
import { defaultSizes } from '../../../src/batch/sizes.ts';
import { loadOnnxRuntime } from '../../../src/nn/onnx-runtime.ts';
import { tileWalker } from '../../../src/workloads/flow/cpu/tile.ts';
import { VelocityNetwork } from '../../../src/workloads/flow/cpu/velocity.ts';
import { SAMPLES_A_GROUP } from '../../../src/workloads/flow/sampling/plan.ts';
import { type FlowProblem, flowProblem, SAMPLING, STREAM } from './problem.ts';

export interface CpuSampler {
  /** All samples of a batch, [batch][2]. */
  sample(seed: number): Promise<Float64Array>;
  close(): void;
}

export async function openCpuSampler(
  batch: number,
  { model, observation }: FlowProblem = flowProblem(),
): Promise<CpuSampler> {
  const network = await VelocityNetwork.open(await loadOnnxRuntime(), model, defaultSizes['flow.cpuRows']);
  const contexts = [Float32Array.from(observation)];
  const groups = Array.from({ length: Math.ceil(batch / SAMPLES_A_GROUP) }, (_, i) => ({
    row: 0,
    sample: SAMPLES_A_GROUP * i,
    stream: STREAM,
  }));
  return {
    sample: async (seed) => {
      const walks = tileWalker(model, network, { ...SAMPLING, seed }).begin(groups, contexts);
      const samples = new Float64Array(groups.length * SAMPLES_A_GROUP * model.task.thetaDimension);
      let at = 0;
      for (const walk of walks) {
        while (!walk.done) await walk.advance();
        samples.set(walk.positions, at);
        at += walk.positions.length;
      }
      return samples;
    },
    close: () => network.close(),
  };
}
