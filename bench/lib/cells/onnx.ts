/** ONNX Runtime Web with the same network, in its Wasm and its WebGPU build. */
import * as wasmBuild from 'onnxruntime-web/wasm';
import * as webgpuBuild from 'onnxruntime-web/webgpu';
import type { OnnxBackend } from '../flow/onnx.ts';
import type { Entrant } from './entrant.ts';
import { onnxModel } from './onnx-model.ts';
import { type CellsProblem, tokensOf } from './problem.ts';

export { startOnnx } from '../flow/onnx.ts';

export async function onnxEntrant(backend: OnnxBackend, problem: CellsProblem, batch: number): Promise<Entrant> {
  const { InferenceSession, Tensor } = backend === 'webgpu' ? webgpuBuild : wasmBuild;
  const session = await InferenceSession.create(onnxModel(problem, batch), {
    executionProviders: [backend],
    graphOptimizationLevel: 'all',
  });
  const given = Int32Array.from(tokensOf(problem.spec, batch));
  const tokens = new Tensor('int32', given, [batch, problem.spec.genes]);
  const logits = async () => (await session.run({ tokens })).logits.data as Float32Array;
  return {
    name: `ONNX Runtime ${backend}`,
    perStep: batch,
    run: async (steps) => {
      for (let step = 0; step < steps; step++) await logits();
    },
    logits,
    close: () => void session.release(),
  };
}
