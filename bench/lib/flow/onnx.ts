/** ONNX Runtime Web with the same network and the same solver, in its Wasm and its WebGPU build. */

import asyncifyUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import * as wasmBuild from 'onnxruntime-web/wasm';
import * as webgpuBuild from 'onnxruntime-web/webgpu';
import type { Entrant } from './entrant.ts';
import { type OnnxScope, onnxModel } from './onnx-model.ts';
import { type FlowProblem, SAMPLING, startingNoise, stepTimes, timeFeatures } from './problem.ts';

export type OnnxBackend = 'webgpu' | 'wasm';
export const ONNX_SCOPES: readonly OnnxScope[] = ['step', 'all steps'];

/** Once, before the first model. `threads` counts where the page is isolated from other origins; elsewhere there is one. */
export function startOnnx(threads: number): void {
  for (const [build, url] of [
    [wasmBuild, wasmUrl],
    [webgpuBuild, asyncifyUrl],
  ] as const) {
    build.env.wasm.wasmPaths = { wasm: url };
    build.env.wasm.numThreads = threads;
    build.env.logLevel = 'error';
  }
}

export async function onnxEntrant(
  backend: OnnxBackend,
  scope: OnnxScope,
  problem: FlowProblem,
  batch: number,
): Promise<Entrant> {
  const { InferenceSession, Tensor } = backend === 'webgpu' ? webgpuBuild : wasmBuild;
  const onDevice = backend === 'webgpu' && scope === 'step';
  const session = await InferenceSession.create(onnxModel(problem, batch, scope), {
    executionProviders: [backend],
    graphOptimizationLevel: 'all',
    // Between the steps the positions stay on the device.
    ...(onDevice ? { preferredOutputLocation: 'gpu-buffer' as const } : {}),
  });
  const tensor = (values: Float32Array, shape: number[]) => new Tensor('float32', values, shape);
  const noise = startingNoise(problem, batch);
  const context = tensor(
    Float32Array.from({ length: 2 * batch }, (_, i) => problem.observation[i % 2]),
    [batch, 2],
  );
  const times = Array.from({ length: SAMPLING.steps }, (_, step) =>
    stepTimes(step).map((t) => {
      const values = timeFeatures(problem, t);
      return tensor(values, [1, values.length]);
    }),
  );
  const samples = async () => {
    let x = tensor(noise, [batch, 2]);
    if (scope === 'all steps') x = (await session.run({ x, context })).end as typeof x;
    else
      for (const [t0, t1] of times) {
        const { end } = await session.run({ x, context, t0, t1 });
        if (x.location === 'gpu-buffer') x.dispose();
        x = end as typeof x;
      }
    const values = (await x.getData(true)) as Float32Array;
    return values;
  };
  return {
    name: `ONNX Runtime ${backend}, ${scope}`,
    perStep: batch,
    run: async (steps) => {
      for (let step = 0; step < steps; step++) await samples();
    },
    samples,
    close: () => void session.release(),
  };
}
