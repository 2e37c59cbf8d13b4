/** A look at one running chain: its model image as the likelihood kernel draws it, and where all chains of the item stand. */
import type { Allocation } from '../../../gpu/allocation.ts';
import type { BoundKernel } from '../../../gpu/bound-kernel.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { ReadbackRing } from '../../../gpu/readback.ts';
import type { ModelSpec } from '../model-spec.ts';
import { observationsOf } from '../observations.ts';
import type { ShearPeek } from '../peek.ts';
import type { ShearProblem } from '../problem.ts';
import { toUserUnits } from '../twin/draws.ts';
import { toNatural } from '../twin/transform.ts';
import { CHAIN, CONTROL_WORDS, POSTERIOR } from './layout.ts';
import { peekBytes } from './plan.ts';

const WORD = 4;

export interface PeekSource {
  readonly gpu: GpuContext;
  readonly allocation: Allocation;
  readonly problem: ShearProblem;
  readonly kernel: BoundKernel;
  readonly ring: ReadbackRing;
}

/** Item by its index in the run and its row in the chunk. Undefined when earlier looks are still under way. */
export async function lookAt(
  { gpu, allocation, problem, kernel, ring }: PeekSource,
  { item, row, chain }: { item: number; row: number; chain: number },
): Promise<ShearPeek | undefined> {
  const { spec } = problem;
  const { chains, warmup } = spec.sampler;
  const pixels = spec.nx * spec.ny;
  const { device } = gpu;
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  kernel.dispatch(pass, 1);
  pass.end();
  const sources = [
    { buffer: allocation.buffer('peek.image'), offset: 0, bytes: pixels * WORD },
    {
      buffer: allocation.buffer('chains'),
      offset: row * chains * CHAIN.words * WORD,
      bytes: chains * CHAIN.words * WORD,
    },
    { buffer: allocation.buffer('posteriors'), offset: row * POSTERIOR.words * WORD, bytes: POSTERIOR.words * WORD },
  ];
  const pending = ring.copyAll(encoder, sources);
  if (!pending) return undefined;
  const control = new Uint32Array(CONTROL_WORDS);
  control.set([1, row * chains + chain]);
  device.queue.writeBuffer(allocation.buffer('peek.control'), 0, control);
  device.queue.submit([encoder.finish()]);
  const bytes = await pending.read();
  if (bytes.byteLength !== peekBytes(spec)) throw new Error('plan.ts and peek.ts disagree');

  const records = new Float32Array(bytes, pixels * WORD, chains * CHAIN.words);
  const posterior = new Float32Array(bytes, (pixels + chains * CHAIN.words) * WORD);
  const words = new Uint32Array(bytes, pixels * WORD, chains * CHAIN.words);
  const transition = words[chain * CHAIN.words + CHAIN.transition];
  return {
    item,
    step: transition,
    own: {
      chain,
      positions: Array.from({ length: chains }, (_, c) =>
        positionOf(spec, posterior, records.subarray(c * CHAIN.words)),
      ),
      warmup: transition < warmup,
      acceptance: records[chain * CHAIN.words + CHAIN.acceptance],
      stepSize: records[chain * CHAIN.words + CHAIN.step],
    },
    large: {
      ny: spec.ny,
      nx: spec.nx,
      data: observationsOf(problem).data(item).slice(),
      model: new Float32Array(bytes, 0, pixels).map((value) => value * spec.noiseSigma),
    },
  };
}

/** q = mode + W z, in the user's units. */
function positionOf(spec: ModelSpec, posterior: Float32Array, chain: Float32Array): number[] {
  const d = spec.free;
  const q = Float64Array.from({ length: d }, (_, i) => {
    let total = posterior[POSTERIOR.mode + i];
    for (let j = 0; j < d; j++) total += posterior[POSTERIOR.w + 8 * i + j] * chain[CHAIN.z + j];
    return total;
  });
  // The kernels count flux in units of the noise.
  if (d >= 6) q[4] += Math.log(spec.noiseSigma);
  return Array.from(toUserUnits(spec, toNatural(spec, q)));
}
