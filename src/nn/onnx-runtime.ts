/**
 * ONNX Runtime Web behind one door: loaded on first use (3.7 MB of WebAssembly gzipped), from this program's own origin or packages, with its
 * kernels for the CPU. One thread: more need a page that is isolated from other origins, which static hosts do not give, and with one the order
 * of sums, and so every bit, is the same on any machine.
 */
import type * as Ort from 'onnxruntime-web/wasm';
import { OnnxGraph } from './onnx-graph.ts';

export type OnnxRuntime = typeof Ort;
export type OnnxSession = Ort.InferenceSession;

let loading: Promise<OnnxRuntime> | undefined;

/**
 * The library, ready to open models. Its heap of WebAssembly stays; what a session takes of it is free again for others once that is released.
 * @throws whatever keeps the browser from it: no connection, no WebAssembly, no SIMD
 */
export function loadOnnxRuntime(): Promise<OnnxRuntime> {
  loading ??= import('onnxruntime-web/wasm').then(async (ort) => {
    ort.env.wasm.numThreads = 1;
    ort.env.logLevel = 'error';
    await (await ort.InferenceSession.create(smallestModel())).release();
    return ort;
  });
  // What cannot be loaded now may be there later.
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

/** The WebAssembly is fetched and compiled with the first model. */
function smallestModel(): Uint8Array {
  const graph = new OnnxGraph();
  graph.input('x', [1]);
  graph.output('y', [1]);
  graph.node('Relu', ['x'], 'y');
  return graph.encode();
}
