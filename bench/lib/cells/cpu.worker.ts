/** Our CPU path in a worker, as in the page; so it also has a copy of ONNX Runtime of its own, with its own number of threads. */
import { type CpuNetwork, type CpuQuestion, openCpuNetwork } from './cpu.ts';

/** Evaluations one after the other, or samplings. */
export type CpuRequest =
  | { readonly open: CpuQuestion }
  | { readonly evaluate: number }
  | { readonly sample: number }
  | { readonly close: true };
/** What the last one came to; nothing after opening. */
export type CpuReply = { readonly values?: Float64Array | Uint8Array } | { readonly error: string };

let network: CpuNetwork | undefined;

async function answer(request: CpuRequest): Promise<CpuReply> {
  let values: Float64Array | Uint8Array | undefined;
  if ('open' in request) network = await openCpuNetwork(request.open);
  else if ('close' in request) network?.close();
  else if ('evaluate' in request) for (let i = 0; i < request.evaluate; i++) values = await network!.evaluate();
  else for (let i = 0; i < request.sample; i++) values = await network!.sample();
  return { values };
}

self.onmessage = ({ data }: MessageEvent<CpuRequest>) => {
  answer(data).then(
    (reply) => self.postMessage(reply),
    (error) => self.postMessage({ error: String(error) }),
  );
};
