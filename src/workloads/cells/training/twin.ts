/** What the kernels `cells/gather` and `cells/weigh` compute, on the CPU: the same words, the same masks. */
import { type RandomKey, threefry2x32, uniform01 } from '../../../stats/threefry.ts';
import type { Objective } from './recipe.ts';

/** Second word of the key: a training has a stream of its own. */
export const TRAINING_KEY = 0x747261; // "tra"

/** What a step gathers from. */
export interface Gathered {
  readonly genes: number;
  /** V, the mask. */
  readonly bins: number;
  /** [cells][genes]. */
  readonly tokens: Uint8Array;
  /** Cells to train on. */
  readonly order: ArrayLike<number>;
  readonly batch: number;
}

export interface GatheredBatch {
  /** Cell of each slot. */
  readonly cells: Uint32Array;
  /** Share masked of each slot. */
  readonly t: Float64Array;
  /** [batch][genes]. */
  readonly tokens: Uint32Array;
  readonly targets: Uint32Array;
}

/** The batch of a step. Where u and t meet within 2⁻²⁴ the device, which has t in f32, may decide otherwise. */
export function gatherTwin({ genes, bins, tokens, order, batch }: Gathered, seed: number, step: number): GatheredBatch {
  const key: RandomKey = [seed >>> 0, TRAINING_KEY];
  const found = {
    cells: new Uint32Array(batch),
    t: new Float64Array(batch),
    tokens: new Uint32Array(batch * genes),
    targets: new Uint32Array(batch * genes),
  };
  for (let slot = 0; slot < batch; slot++) {
    const number = (step * batch + slot) >>> 0;
    const [which, u] = threefry2x32(key, [number, 0]);
    const cell = order[which % order.length];
    const t = (slot + uniform01(u)) / batch;
    found.cells[slot] = cell;
    found.t[slot] = t;
    for (let gene = 0; gene < genes; gene++) {
      const token = tokens[cell * genes + gene];
      const hidden = uniform01(threefry2x32(key, [number, 2 + (gene >> 1)])[gene & 1]) < t;
      found.targets[slot * genes + gene] = token;
      found.tokens[slot * genes + gene] = hidden ? bins : token;
    }
  }
  return found;
}

/**
 * Weight of every row. With t uniform the number k of masked genes is uniform on 0 … n, so that (n + 1)/n times the mean cross-entropy over a
 * cell's masked genes has the NELBO a gene, (1/n) ∫ Σ_masked CE dt / t, as its mean.
 */
export function weightsOf(tokens: ArrayLike<number>, genes: number, bins: number, objective: Objective): Float64Array {
  const batch = tokens.length / genes;
  const counts = Array.from({ length: batch }, (_, slot) => {
    let count = 0;
    for (let gene = 0; gene < genes; gene++) if (tokens[slot * genes + gene] === bins) count++;
    return count;
  });
  const all = counts.reduce((sum, count) => sum + count, 0);
  return Float64Array.from(tokens as ArrayLike<number>, (token, row) => {
    if (token !== bins) return 0;
    return objective === 'nelbo' ? (genes + 1) / (genes * counts[Math.floor(row / genes)] * batch) : 1 / all;
  });
}

/** Labels of the slots of a step: `none` where they are dropped. @param word which of the drop's two random words is this kind's */
export function labelsTwin(
  { order, batch }: Pick<Gathered, 'order' | 'batch'>,
  { codes, none, word, drop }: { codes: ArrayLike<number>; none: number; word: 0 | 1; drop: number },
  seed: number,
  step: number,
): Uint32Array {
  const key: RandomKey = [seed >>> 0, TRAINING_KEY];
  return Uint32Array.from({ length: batch }, (_, slot) => {
    const number = (step * batch + slot) >>> 0;
    const [which] = threefry2x32(key, [number, 0]);
    const dropped = uniform01(threefry2x32(key, [number, 1])[word]) < drop;
    return dropped ? none : codes[order[which % order.length]];
  });
}
