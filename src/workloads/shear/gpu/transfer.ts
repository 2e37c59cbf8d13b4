/** What a chunk of shear posteriors sends to the device, and how its records come back. */

import type { Allocation } from '../../../gpu/allocation.ts';
import { fetchRows } from '../../../gpu/readback.ts';
import { keyOfSeed } from '../../../stats/threefry.ts';
import { observationsOf } from '../observations.ts';
import type { ShearProblem } from '../problem.ts';
import { dataFault, type NotFiniteError } from '../soundness.ts';
import { CHAIN, POSTERIOR } from './layout.ts';
import { fixedWords, startWords } from './settings.ts';

/** Objective before the first evaluation: anything is better. */
const FIT_START = -3e38;
const INITIAL_DAMPING = 1e-2;

/** What was uploaded. */
export interface Uploaded {
  /** [row][pixel], in units of the noise. */
  readonly stamps: Float32Array;
  /** Items whose stamps cannot have a result: kernels keep sums of posteriors apart, so that they spoil no other. */
  readonly faults: ReadonlyMap<number, NotFiniteError>;
}

/** Writes stamps (in units of the noise), seeds and fresh records of the given items (global indices), row by row. */
export function uploadItems(
  queue: GPUQueue,
  allocation: Allocation,
  problem: ShearProblem,
  items: readonly number[],
): Uploaded {
  const { spec } = problem;
  const observations = observationsOf(problem);
  const pixels = spec.nx * spec.ny;
  const stamps = new Float32Array(items.length * pixels);
  const keys = new Uint32Array(items.length * 2);
  const posteriors = new Float32Array(items.length * POSTERIOR.words);
  const start = startWords(spec);
  const faults = new Map<number, NotFiniteError>();
  items.forEach((item, row) => {
    const data = observations.data(item);
    const fault = dataFault(data, spec.nx);
    if (fault) faults.set(item, fault);
    for (let i = 0; i < pixels; i++) stamps[row * pixels + i] = data[i] / spec.noiseSigma;
    keys.set(keyOfSeed(problem.items[item].seed), 2 * row);
    const at = row * POSTERIOR.words;
    posteriors.set(start, at + POSTERIOR.trial);
    posteriors.set(start, at + POSTERIOR.mode);
    posteriors[at + POSTERIOR.f] = FIT_START;
    posteriors[at + POSTERIOR.lambda] = INITIAL_DAMPING;
    posteriors.set(fixedWords(spec, problem.fixed(item)), at + POSTERIOR.logAmplitude);
  });
  queue.writeBuffer(allocation.buffer('stamps'), 0, stamps);
  queue.writeBuffer(allocation.buffer('keys'), 0, keys);
  queue.writeBuffer(allocation.buffer('posteriors'), 0, posteriors);
  const chainWords = items.length * spec.sampler.chains * CHAIN.words;
  queue.writeBuffer(allocation.buffer('chains'), 0, new Uint32Array(chainWords));
  return { stamps, faults };
}

/** The first `count` rows of a per-item buffer, through the staging buffer. */
export async function fetchItems(
  device: GPUDevice,
  allocation: Allocation,
  name: string,
  bytesPerItem: number,
  count: number,
): Promise<ArrayBuffer[]> {
  const rows: ArrayBuffer[] = [];
  const wanted = { bytesPerRow: bytesPerItem, count };
  for await (const piece of fetchRows(device, allocation.buffer(name), allocation.buffer('staging'), wanted))
    for (let i = 0; i < piece.count; i++) rows.push(piece.bytes.slice(i * bytesPerItem, (i + 1) * bytesPerItem));
  return rows;
}
