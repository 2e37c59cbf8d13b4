/** Whole samplings of our own, from masks to cells; on the CPU also with logits of all genes in every step instead of those that reveal. */
import { guessMemoryClass } from '../../../src/batch/memory-class.ts';
import { sizesFor } from '../../../src/batch/sizes.ts';
import type { GpuContext } from '../../../src/gpu/context.ts';
import { tensorForm, tensorShape } from '../../../src/nn/tensor/shape.ts';
import { DeviceNetwork } from '../../../src/workloads/cells/gpu/network-predictor.ts';
import { DeviceSampler } from '../../../src/workloads/cells/sampling/session-core.ts';
import { type Clock, spread, wall } from '../measure.ts';
import { cpuEntrant, OURS_ON_CPU } from './cpu-entrant.ts';
import { OURS } from './device.ts';
import { type CellsProblem, STEPS, seedsOf, settingsOf } from './problem.ts';

export interface Sampling {
  readonly name: string;
  readonly genes: number;
  readonly cells: number;
  /** Cells per second: median. */
  readonly rate: number;
  /** Share of tokens that are those of the first sampler. */
  readonly equal: number;
}

const ROUNDS = 2;

interface Sampler {
  readonly name: string;
  sample(): Promise<Uint8Array>;
  close(): void;
}

export async function sampleCells(
  gpu: GpuContext | null,
  problem: CellsProblem,
  cells: number,
  log: (line: string) => void,
  clock: Clock = wall,
): Promise<Sampling[]> {
  const { genes } = problem.spec;
  const samplers: Sampler[] = [
    await onCpu(`${OURS_ON_CPU}, all logits`, genes, cells, 'all'),
    await onCpu(`${OURS_ON_CPU}, only what reveals`, genes, cells, 'revealing'),
    ...(gpu ? [await onDevice(gpu, problem, cells)] : []),
  ];
  const rates = samplers.map((): number[] => []);
  const tokens: Uint8Array[] = [];
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, sampler] of samplers.entries()) {
      const begin = await clock();
      tokens[i] = await sampler.sample();
      rates[i].push((cells * 1000) / ((await clock()) - begin));
      log(`${genes} genes, ${STEPS} steps  ${sampler.name}: ${rates[i][round].toFixed(2)} cells/s`);
    }
  for (const sampler of samplers) sampler.close();
  return samplers.map(({ name }, i) => {
    const equal = tokens[i].filter((token, at) => token === tokens[0][at]).length / tokens[0].length;
    return { name, genes, cells, rate: spread(rates[i]).median, equal };
  });
}

async function onCpu(name: string, genes: number, batch: number, asked: 'all' | 'revealing'): Promise<Sampler> {
  const entrant = await cpuEntrant({ genes, batch, asked });
  return { name, sample: () => entrant.sample(), close: () => entrant.close?.() };
}

async function onDevice(gpu: GpuContext, { spec, weights }: CellsProblem, cells: number): Promise<Sampler> {
  const sizes = sizesFor(guessMemoryClass(gpu.report));
  const network = new DeviceNetwork(spec, weights, 'f32', tensorShape(tensorForm(gpu.report), sizes));
  const sampler = await DeviceSampler.open(gpu, settingsOf(spec), network, cells, sizes);
  return {
    name: `${OURS}, only what reveals`,
    sample: async () => {
      sampler.begin({ seeds: seedsOf(cells) });
      while (!sampler.done) await sampler.advance(1000);
      return sampler.tokens();
    },
    close: () => sampler.close(),
  };
}
