/** Buffers of a chunk of bananas, and its kernel. */
import { type BatchSizes, defaultSizes } from '../../../batch/sizes.ts';
import type { KernelBinding } from '../../../gpu/bound-kernel.ts';
import { clockBuffers } from '../../../gpu/clock.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import { ringBuffers } from '../../../gpu/readback.ts';
import type { BananaParams } from '../experiment.ts';
import { KEPT } from '../result.ts';

/** Bytes of an f32, a u32. */
const WORD = 4;
/** Words of the uniform. */
export const HOW_WORDS = 12;

/** Bytes of a chain's position. */
export const POSITION_BYTES = 2 * WORD;

export function drawBytes({ chains, draws }: BananaParams): number {
  return chains * draws * KEPT.length * WORD;
}

export function planBanana(params: BananaParams, chunk: number, sizes: BatchSizes = defaultSizes): BufferPlan {
  const { chains, draws } = params;
  const positions = chains * POSITION_BYTES;
  const each = drawBytes(params);
  const formula = `chunk × ${chains} chains × ${draws} draws × ${KEPT.length} × 4 B`;
  return {
    chunk,
    buffers: [
      { name: 'how', bytes: HOW_WORDS * WORD, role: 'uniform', bytesPerItem: 0, formula: '12 × 4 B' },
      { name: 'seeds', bytes: chunk * WORD, role: 'storage', bytesPerItem: WORD, formula: 'chunk × 4 B' },
      {
        name: 'states',
        bytes: chunk * positions,
        role: 'storage',
        bytesPerItem: positions,
        formula: `chunk × ${chains} chains × 2 × 4 B`,
      },
      { name: 'draws', bytes: chunk * each, role: 'storage', bytesPerItem: each, formula },
      { name: 'staging', bytes: chunk * each, role: 'readback', bytesPerItem: each, formula },
      ...ringBuffers('peek', positions, 0, `${chains} chains × 2 × 4 B`, 1),
      ...clockBuffers(sizes['gpu.submitsInFlight']),
    ],
  };
}

export function bananaKernel(sizes: BatchSizes = defaultSizes): KernelBinding {
  return {
    shader: { module: 'banana/hmc', constants: { LANES: `${sizes['banana.threads']}u` } },
    buffers: { 0: 'how', 1: 'seeds', 2: 'states', 3: 'draws' },
  };
}
