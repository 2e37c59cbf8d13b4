/** Our sampler on the CPU in a worker, as in the page; so it also has a copy of ONNX Runtime of its own, with its own number of threads. */
import { type CpuSampler, openCpuSampler } from './cpu.ts';

export type CpuRequest = { readonly batch: number } | { readonly seeds: readonly number[] };
/** The samples of the last seed; none after opening. */
export type CpuReply = { readonly samples?: Float64Array } | { readonly error: string };

let sampler: CpuSampler | undefined;

async function answer(request: CpuRequest): Promise<CpuReply> {
  if ('batch' in request) {
    sampler = await openCpuSampler(request.batch);
    return {};
  }
  let samples: Float64Array | undefined;
  for (const seed of request.seeds) samples = await sampler!.sample(seed);
  return { samples };
}

self.onmessage = ({ data }: MessageEvent<CpuRequest>) => {
  answer(data).then(
    (reply) => self.postMessage(reply),
    (error) => self.postMessage({ error: String(error) }),
  );
};
