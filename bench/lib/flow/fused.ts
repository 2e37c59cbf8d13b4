/** The sampler as users have it: groups in, samples in the units of the parameters out. */

import { guessMemoryClass } from '../../../src/batch/memory-class.ts';
import { sizesFor } from '../../../src/batch/sizes.ts';
import type { GpuContext } from '../../../src/gpu/context.ts';
import { planBytes } from '../../../src/gpu/plan.ts';
import { chooseTile, type NetPrecision, type TileShape } from '../../../src/nn/mlp-kernel.ts';
import { planSampler, SAMPLES_A_GROUP } from '../../../src/workloads/flow/sampling/plan.ts';
import { FlowSampler, type SampleGroup, type SamplerOptions } from '../../../src/workloads/flow/sampling/sampler.ts';
import type { Entrant } from './entrant.ts';
import { type FlowProblem, SAMPLING, STREAM } from './problem.ts';

/** The tile that a run of so many samples would have on this adapter. */
export function shippedTile(
  gpu: GpuContext,
  { model }: FlowProblem,
  precision: NetPrecision,
  samples: number,
): TileShape {
  const asked = sizesFor(guessMemoryClass(gpu.report))['flow.tileGroups'];
  return chooseTile(gpu.report, model.net, precision, asked, samples / SAMPLES_A_GROUP);
}

export async function fusedEntrant(
  gpu: GpuContext,
  problem: FlowProblem,
  precision: NetPrecision,
  batch: number,
  tile: TileShape,
): Promise<Entrant & { readonly bytes: number }> {
  const groups = Math.ceil(batch / SAMPLES_A_GROUP);
  const options: SamplerOptions = {
    ...SAMPLING,
    precision,
    tile,
    groups,
    rows: 1,
    submitsInFlight: sizesFor(guessMemoryClass(gpu.report))['gpu.submitsInFlight'],
    stagingBytes: 2 ** 20,
    peekGroups: 1,
    peekSlots: 1,
  };
  const sampler = await FlowSampler.open(gpu, problem.model, options);
  sampler.setObservations(Float32Array.from(problem.observation));
  const wanted: SampleGroup[] = Array.from({ length: groups }, (_, i) => ({
    row: 0,
    sample: SAMPLES_A_GROUP * i,
    stream: STREAM,
  }));
  return {
    name: `Lockstep ${precision}`,
    perStep: batch,
    bytes: planBytes(planSampler(problem.model, options)),
    run: async (steps) => {
      for (let step = 0; step < steps; step++) await sampler.sample(wanted, SAMPLING.seed + step);
    },
    samples: () => sampler.sample(wanted, SAMPLING.seed),
    close: () => sampler.close(),
  };
}
