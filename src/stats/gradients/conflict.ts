/** Whether gradients of items, texts or tasks pull in opposite directions: cosines, PCGrad, and the null of shuffled labels. */
import { StatsInputError } from '../errors.ts';
import { type PermutationOptions, type PermutationTest, permutationTest } from '../resampling/permutation.ts';

/** Cosines from inner products of all pairs, [n][n]. NaN beside a zero vector. */
export function cosines(gram: ArrayLike<number>, n: number): Float64Array<ArrayBuffer> {
  if (gram.length !== n * n) throw new StatsInputError(`${gram.length} inner products are not those of ${n} items`);
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return gram[at] / Math.sqrt(gram[i * n + i] * gram[j * n + j]);
  });
}

/** Share of pairs whose cosine is negative. */
export function conflictShare(gram: ArrayLike<number>, n: number): number {
  let against = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) if (gram[i * n + j] < 0) against++;
  return against / ((n * (n - 1)) / 2);
}

/** Sums of inner products within and between groups of items. */
export interface GroupProducts {
  /** Items of each group. */
  readonly sizes: Uint32Array<ArrayBuffer>;
  /** Σ g_i · Σ g_j, [groups][groups]. */
  readonly sums: Float64Array<ArrayBuffer>;
  /** Σ ‖g_i‖² of each group. */
  readonly squares: Float64Array<ArrayBuffer>;
}

/** @param labels group of each item, 0 … groups − 1. */
export function groupProducts(gram: ArrayLike<number>, labels: ArrayLike<number>, groups: number): GroupProducts {
  const n = labels.length;
  if (gram.length !== n * n) throw new StatsInputError(`${gram.length} inner products are not those of ${n} items`);
  const sizes = new Uint32Array(groups);
  const squares = new Float64Array(groups);
  const sums = new Float64Array(groups * groups);
  for (let i = 0; i < n; i++) {
    if (!(labels[i] >= 0 && labels[i] < groups)) {
      throw new StatsInputError(`item ${i} has label ${labels[i]}; labels go from 0 to ${groups - 1}`);
    }
    sizes[labels[i]]++;
    squares[labels[i]] += gram[i * n + i];
    for (let j = 0; j < n; j++) sums[labels[i] * groups + labels[j]] += gram[i * n + j];
  }
  return { sizes, sums, squares };
}

export interface GroupConflict {
  /** ḡ_a · ḡ_b of the groups' mean gradients. */
  readonly dot: number;
  /** Cosine of the means. Noise in them draws it to 0. */
  readonly cosine: number;
  /** dot / sqrt(|G_a|² |G_b|²) with unbiased squared norms: what the cosine would be without noise, and may leave [−1, 1]. NaN where one is not resolved. */
  readonly corrected: number;
  /** ‖ḡ_a‖ and ‖ḡ_b‖. */
  readonly norms: readonly [number, number];
  /** Norms after PCGrad took from each what opposes the other. */
  readonly projectedNorms: readonly [number, number];
}

/** Conflict of groups a and b. */
export function groupConflict({ sizes, sums, squares }: GroupProducts, a: number, b: number): GroupConflict {
  const groups = sizes.length;
  const mean = (g: number, h: number) => sums[g * groups + h] / (sizes[g] * sizes[h]);
  const unbiased = (g: number) => (sums[g * groups + g] - squares[g]) / (sizes[g] * (sizes[g] - 1));
  const [aa, ab, bb] = [mean(a, a), mean(a, b), mean(b, b)];
  const [signalA, signalB] = [unbiased(a), unbiased(b)];
  return {
    dot: ab,
    cosine: ab / Math.sqrt(aa * bb),
    corrected: signalA > 0 && signalB > 0 ? ab / Math.sqrt(signalA * signalB) : Number.NaN,
    norms: [Math.sqrt(aa), Math.sqrt(bb)],
    projectedNorms: [projectedNorm(aa, ab, bb), projectedNorm(bb, ab, aa)],
  };
}

/** ‖g_a − min(0, g_a·g_b)/‖g_b‖² g_b‖ (PCGrad; Yu, Kumar, Gupta et al. 2020) from the three inner products. */
export function projectedNorm(aa: number, ab: number, bb: number): number {
  return ab < 0 ? Math.sqrt(Math.max(0, aa - (ab * ab) / bb)) : Math.sqrt(aa);
}

/**
 * Whether two groups conflict more than their items do when shuffled between them: the cosine of the means, lower than under shuffled labels. Sizes of the
 * groups stay. Items of other groups take no part.
 */
export function shuffleNull(
  gram: ArrayLike<number>,
  labels: ArrayLike<number>,
  a: number,
  b: number,
  options: PermutationOptions,
): PermutationTest {
  const n = labels.length;
  const items = Array.from({ length: n }, (_, i) => i).filter((i) => labels[i] === a || labels[i] === b);
  const m = items.length;
  const part = Float64Array.from({ length: m * m }, (_, at) => gram[items[Math.floor(at / m)] * n + items[at % m]]);
  const own = items.map((i) => (labels[i] === a ? 0 : 1));
  const cosine = (from: Uint32Array) =>
    groupConflict(
      groupProducts(
        part,
        Uint32Array.from(from, (at) => own[at]),
        2,
      ),
      0,
      1,
    ).cosine;
  return permutationTest(m, cosine, 'less', options);
}
