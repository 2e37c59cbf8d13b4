/** Buffers of a chunk of tables, and its kernel. */
import { type BatchSizes, defaultSizes } from '../../../batch/sizes.ts';
import type { KernelBinding } from '../../../gpu/bound-kernel.ts';
import { clockBuffers } from '../../../gpu/clock.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import { FACES } from '../twin/throws.ts';

/** Bytes of an i32, a u32. */
const WORD = 4;
/** Words of the uniform. */
export const HOW_WORDS = 4;

export const TABLE_BYTES = FACES * FACES * WORD;

export function planTally(chunk: number, sizes: BatchSizes = defaultSizes): BufferPlan {
  const formula = 'chunk × 6 × 6 × 4 B';
  return {
    chunk,
    buffers: [
      { name: 'how', bytes: HOW_WORDS * WORD, role: 'uniform', bytesPerItem: 0, formula: '4 × 4 B' },
      { name: 'seeds', bytes: chunk * WORD, role: 'storage', bytesPerItem: WORD, formula: 'chunk × 4 B' },
      { name: 'counts', bytes: chunk * TABLE_BYTES, role: 'storage', bytesPerItem: TABLE_BYTES, formula },
      { name: 'staging', bytes: chunk * TABLE_BYTES, role: 'readback', bytesPerItem: TABLE_BYTES, formula },
      ...clockBuffers(sizes['gpu.submitsInFlight']),
    ],
  };
}

export function tallyKernel(sizes: BatchSizes = defaultSizes): KernelBinding {
  return {
    shader: { module: 'tally/throws', constants: { LANES: `${sizes['tally.threads']}u` } },
    buffers: { 0: 'how', 1: 'seeds', 2: 'counts' },
  };
}
