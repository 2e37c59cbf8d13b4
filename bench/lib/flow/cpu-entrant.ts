/** Our sampler on the CPU among the contestants: in a worker where it is compared in a page, else right here. */
import { openCpuSampler } from './cpu.ts';
import type { CpuReply, CpuRequest } from './cpu.worker.ts';
import type { Entrant } from './entrant.ts';
import { type FlowProblem, SAMPLING } from './problem.ts';

export const OURS_ON_CPU = 'Lockstep on the CPU';

const seedsOf = (steps: number) => Array.from({ length: steps }, (_, step) => SAMPLING.seed + step);

export async function cpuEntrant(problem: FlowProblem, batch: number): Promise<Entrant> {
  const { sample, close } =
    typeof document === 'undefined' ? await openHere(problem, batch) : await openInWorker(batch);
  return {
    name: OURS_ON_CPU,
    perStep: batch,
    run: async (steps) => void (await sample(seedsOf(steps))),
    samples: () => sample(seedsOf(1)),
    close,
  };
}

interface Opened {
  /** The samples of the last seed. */
  sample(seeds: readonly number[]): Promise<Float64Array>;
  close(): void;
}

async function openHere(problem: FlowProblem, batch: number): Promise<Opened> {
  const sampler = await openCpuSampler(batch, problem);
  return {
    sample: async (seeds) => {
      let samples: Float64Array = new Float64Array();
      for (const seed of seeds) samples = await sampler.sample(seed);
      return samples;
    },
    close: () => sampler.close(),
  };
}

async function openInWorker(batch: number): Promise<Opened> {
  const worker = new Worker(new URL('./cpu.worker.ts', import.meta.url), { type: 'module' });
  const ask = (request: CpuRequest) =>
    new Promise<Float64Array>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<CpuReply>) =>
        'error' in data ? reject(new Error(data.error)) : resolve(data.samples ?? new Float64Array());
      worker.onerror = (event) => reject(new Error(event.message || 'the worker of the CPU sampler failed'));
      worker.postMessage(request);
    });
  await ask({ batch });
  return { sample: (seeds) => ask({ seeds }), close: () => worker.terminate() };
}
