/** Our CPU path among the contestants: in a worker where it is compared in a page, else right here. */
import { type CpuNetwork, type CpuQuestion, openCpuNetwork } from './cpu.ts';
import type { CpuReply, CpuRequest } from './cpu.worker.ts';
import type { Entrant } from './entrant.ts';

export const OURS_ON_CPU = 'Lockstep on the CPU';

export interface CpuEntrant extends Entrant {
  /** Tokens of the batch, from masks to the end. */
  sample(): Promise<Uint8Array>;
}

export async function cpuEntrant(question: CpuQuestion): Promise<CpuEntrant> {
  const network = typeof document === 'undefined' ? await openCpuNetwork(question) : await openInWorker(question);
  return {
    name: OURS_ON_CPU,
    perStep: question.batch,
    run: async (steps) => {
      for (let step = 0; step < steps; step++) await network.evaluate();
    },
    ...(question.asked === 'all' && { logits: () => network.evaluate() }),
    sample: () => network.sample(),
    close: () => network.close(),
  };
}

async function openInWorker(question: CpuQuestion): Promise<CpuNetwork> {
  const worker = new Worker(new URL('./cpu.worker.ts', import.meta.url), { type: 'module' });
  const ask = (request: CpuRequest) =>
    new Promise<Float64Array | Uint8Array>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<CpuReply>) =>
        'error' in data ? reject(new Error(data.error)) : resolve(data.values ?? new Float64Array());
      worker.onerror = (event) => reject(new Error(event.message || 'the worker of the CPU path failed'));
      worker.postMessage(request);
    });
  await ask({ open: question });
  return {
    evaluate: async () => (await ask({ evaluate: 1 })) as Float64Array,
    sample: async () => (await ask({ sample: 1 })) as Uint8Array,
    close: () => worker.terminate(),
  };
}
