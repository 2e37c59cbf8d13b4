/**
 * HSIC and CKA from kernels of all pairs of rows, [n][n]: the form the sums of `hsic-sums.ts` come from, and what leaves items out or permutes them without
 * another pass over the rows.
 */
import { StatsInputError } from '../errors.ts';
import { jackknife } from '../resampling/jackknife.ts';
import { type PermutationOptions, type PermutationTest, permutationTest } from '../resampling/permutation.ts';
import { cka, type HsicTriple, hsic1Of } from './hsic-sums.ts';

/** HSIC₁ of kernels K and L, whose diagonals are not read; n ≥ 4. Equals `hsic1` for linear kernels. */
export function kernelHsic1(k: ArrayLike<number>, l: ArrayLike<number>, n: number): number {
  requireKernels(k, l, n);
  const [ofK, ofL] = [rowSums(k, n), rowSums(l, n)];
  let [trace, through] = [0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) if (j !== i) trace += k[i * n + j] * l[i * n + j];
    through += ofK[i] * ofL[i];
  }
  return hsic1Of(n, trace, total(ofK) * total(ofL), through);
}

/** HSIC₀ = tr(KHLH)/(n − 1)², H = 1 − 11ᵀ/n. */
export function kernelHsic0(k: ArrayLike<number>, l: ArrayLike<number>, n: number): number {
  if (k.length !== n * n || l.length !== n * n) throw new StatsInputError(`the kernels are not ${n} × ${n}`);
  const means = (of: ArrayLike<number>) => rowSums(of, n).map((sum, i) => (sum + of[i * n + i]) / n);
  const ofK = means(k);
  const ofL = means(l);
  const [wholeK, wholeL] = [total(ofK) / n, total(ofL) / n];
  let sum = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      sum += (k[i * n + j] - ofK[i] - ofK[j] + wholeK) * (l[i * n + j] - ofL[i] - ofL[j] + wholeL);
  return sum / (n - 1) ** 2;
}

/** HSIC₁ of both kernels with each other and with themselves. */
export function kernelTriple(k: ArrayLike<number>, l: ArrayLike<number>, n: number): HsicTriple {
  return { xy: kernelHsic1(k, l, n), xx: kernelHsic1(k, k, n), yy: kernelHsic1(l, l, n) };
}

export interface CkaWithError {
  readonly cka: number;
  /** Delete-one-group jackknife; NaN for one group, or where leaving one out leaves fewer than four rows. */
  readonly error: number;
  readonly groups: number;
}

/**
 * Debiased CKA with its error over items. O(n²) in all, whatever the number of groups.
 * @param groups item of each row: tokens of one item depend on each other and leave together. Every row on its own when left out.
 */
export function ckaWithError(
  k: ArrayLike<number>,
  l: ArrayLike<number>,
  n: number,
  groups?: ArrayLike<number>,
): CkaWithError {
  const members = new Map<number, number[]>();
  for (let i = 0; i < n; i++) {
    const label = groups ? groups[i] : i;
    const rows = members.get(label);
    if (rows) rows.push(i);
    else members.set(label, [i]);
  }
  const parts = [...members.values()];
  const [xy, xx, yy] = [leavingOut(k, l, n, parts), leavingOut(k, k, n, parts), leavingOut(l, l, n, parts)];
  return {
    cka: cka(kernelTriple(k, l, n)),
    error: jackknife(xy.map((value, part) => cka({ xy: value, xx: xx[part], yy: yy[part] }))).error,
    groups: parts.length,
  };
}

/** HSIC₁ without each set of rows in turn; NaN where fewer than four stay. */
function leavingOut(
  k: ArrayLike<number>,
  l: ArrayLike<number>,
  n: number,
  parts: readonly (readonly number[])[],
): Float64Array<ArrayBuffer> {
  const [ofK, ofL] = [rowSums(k, n), rowSums(l, n)];
  const products = Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) if (j !== i) sum += k[i * n + j] * l[i * n + j];
    return sum;
  });
  const whole = total(products);
  return Float64Array.from(parts, (rows) => {
    const stay = n - rows.length;
    if (stay < 4) return Number.NaN;
    const [restK, restL] = [Float64Array.from(ofK), Float64Array.from(ofL)];
    let trace = whole;
    for (const i of rows) {
      trace -= 2 * products[i];
      for (const j of rows) if (j !== i) trace += k[i * n + j] * l[i * n + j];
      for (let j = 0; j < n; j++) {
        restK[j] -= k[i * n + j];
        restL[j] -= l[i * n + j];
      }
    }
    for (const i of rows) {
      restK[i] = 0;
      restL[i] = 0;
    }
    let through = 0;
    for (let j = 0; j < n; j++) through += restK[j] * restL[j];
    return hsic1Of(stay, trace, total(restK) * total(restL), through);
  });
}

/**
 * Whether two sets of representations are more alike than with their rows paired at random: debiased CKA against permutations of the rows of one side.
 * Rows must be exchangeable: pooled items, not tokens.
 */
export function ckaNull(
  k: ArrayLike<number>,
  l: ArrayLike<number>,
  n: number,
  options: PermutationOptions,
): PermutationTest {
  const { xx, yy } = kernelTriple(k, l, n);
  const [ofK, ofL] = [rowSums(k, n), rowSums(l, n)];
  const sums = total(ofK) * total(ofL);
  const paired = (from: Uint32Array) => {
    let [trace, through] = [0, 0];
    for (let i = 0; i < n; i++) {
      const row = from[i] * n;
      for (let j = 0; j < n; j++) if (j !== i) trace += k[i * n + j] * l[row + from[j]];
      through += ofK[i] * ofL[from[i]];
    }
    return cka({ xy: hsic1Of(n, trace, sums, through), xx, yy });
  };
  return permutationTest(n, paired, 'greater', options);
}

function requireKernels(k: ArrayLike<number>, l: ArrayLike<number>, n: number): void {
  if (n < 4) throw new StatsInputError(`debiased HSIC needs four rows or more, got ${n}`);
  if (k.length !== n * n || l.length !== n * n) throw new StatsInputError(`the kernels are not ${n} × ${n}`);
}

/** Sums of rows without the diagonal. */
function rowSums(k: ArrayLike<number>, n: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) if (j !== i) sum += k[i * n + j];
    return sum;
  });
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
