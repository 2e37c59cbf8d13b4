/** ONNX Runtime Web decoding with keys and values that stay on the device, in its Wasm and its WebGPU build. */
import * as wasmBuild from 'onnxruntime-web/wasm';
import * as webgpuBuild from 'onnxruntime-web/webgpu';
import { likeliest } from '../../../src/nn/transformer/sampling/twin.ts';
import type { OnnxBackend } from '../flow/onnx.ts';
import type { DecoderEntrant } from './entrant.ts';
import { onnxDecoder, pastNames, presentOf } from './onnx-model.ts';
import { type DecoderProblem, promptOf, turnsOf } from './problem.ts';

export { startOnnx } from '../flow/onnx.ts';

const HIDDEN = -1e30;

export async function onnxEntrant(
  backend: OnnxBackend,
  problem: DecoderProblem,
  texts: number,
): Promise<DecoderEntrant> {
  const { InferenceSession, Tensor } = backend === 'webgpu' ? webgpuBuild : wasmBuild;
  const { layers, heads, head, rotary, vocabulary } = problem.spec;
  const names = pastNames(layers).flat();
  const onDevice = Object.fromEntries(names.map((name) => [presentOf(name), 'gpu-buffer' as const]));
  const session = await InferenceSession.create(onnxDecoder(problem, texts), {
    executionProviders: [backend],
    graphOptimizationLevel: 'all',
    ...(backend === 'webgpu' ? { preferredOutputLocation: { logits: 'cpu', ...onDevice } } : {}),
  });
  type Values = Awaited<ReturnType<typeof session.run>>[string];
  /** Of so many ids a text behind `before` others: those that are drawn next, and what is kept. */
  const step = async (ids: readonly number[], before: number, past: Readonly<Record<string, Values>>) => {
    const count = ids.length / texts;
    const all = before + count;
    const { cosines, sines } = turnsOf(problem, before, all);
    const mask = Float32Array.from({ length: count * all }, (_, i) =>
      i % all > before + Math.floor(i / all) ? HIDDEN : 0,
    );
    const places: Record<string, InstanceType<typeof Tensor>> = rotary
      ? {
          cosines: new Tensor('float32', cosines, [count, 1, head / 2]),
          sines: new Tensor('float32', sines, [count, 1, head / 2]),
        }
      : {
          positions: new Tensor(
            'int32',
            Int32Array.from({ length: count }, (_, i) => before + i),
            [count],
          ),
        };
    const found = await session.run({
      tokens: new Tensor('int32', Int32Array.from(ids), [texts, count]),
      mask: new Tensor('float32', mask, [count, all]),
      ...places,
      ...past,
    });
    const logits = found.logits.data as Float32Array;
    for (const each of Object.values(past)) each.dispose();
    const next = Array.from({ length: texts }, (_, text) =>
      likeliest(logits.subarray(text * vocabulary, (text + 1) * vocabulary)),
    );
    return { next, present: Object.fromEntries(names.map((name) => [name, found[presentOf(name)]])) };
  };
  const prompts = () => {
    const ids = Array.from({ length: texts }, (_, text) => promptOf(problem, text)).flat();
    const none = () => new Tensor('float32', new Float32Array(), [texts, heads, 0, head]);
    return step(ids, 0, Object.fromEntries(names.map((name) => [name, none() as Values])));
  };
  const forget = (present: Readonly<Record<string, Values>>) => {
    for (const each of Object.values(present)) each.dispose();
  };
  return {
    name: `ONNX Runtime Web ${backend === 'webgpu' ? 'WebGPU' : 'Wasm'}`,
    generate: async () => {
      const drawn: number[][] = Array.from({ length: texts }, () => []);
      let { next, present } = await prompts();
      for (let at = 0; ; at++) {
        for (const [text, id] of next.entries()) drawn[text].push(id);
        if (at + 1 === problem.drawn) break;
        ({ next, present } = await step(next, problem.prompt + at, present));
      }
      forget(present);
      return drawn;
    },
    read: async () => forget((await prompts()).present),
    close: () => void session.release(),
  };
}
