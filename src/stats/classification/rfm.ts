/**
 * Recursive feature machine (A. Radhakrishnan et al., Science 383 (2024) 1461): kernel ridge regression whose distances are those of the
 * average outer product of its own gradients (AGOP), fitted again and again; a direction is that matrix's first eigenvector. The matrix is
 * never made: it is Gᵀ G with G = (weights) · (rows), so all but its scale is products of n × n numbers.
 */
import { StatsInputError } from '../errors.ts';
import { largestEigen } from '../expression/eigen.ts';
import { cholesky, solveCholesky } from '../symmetric.ts';
import { aucDeLong } from './auc.ts';
import { product, productTransposed } from './products.ts';

export interface RfmOptions {
  /** Of the kernel exp(−distance / bandwidth). */
  readonly bandwidths: readonly number[];
  /** Gradients less their mean, or as they are. */
  readonly centred: readonly boolean[];
  readonly rounds: number;
  readonly ridge: number;
}

/** As the origin sets them. */
export const RFM_DEFAULTS: RfmOptions = { bandwidths: [1, 10, 100], centred: [true, false], rounds: 8, ridge: 1e-3 };

export interface RfmFit {
  /** The fitting rows times these weights are the direction; its sign is open. */
  readonly weights: Float64Array<ArrayBuffer>;
  readonly bandwidth: number;
  readonly centred: boolean;
  /** Counted from 1. */
  readonly round: number;
  /** By which it was chosen, on the rows set aside. */
  readonly validationAuc: number;
}

export interface RfmSample {
  /** [fitting + validation rows][d], the fitting ones first. */
  readonly x: Float64Array;
  readonly y: ArrayLike<number>;
  readonly fitting: number;
}

/** The best of all rounds of all settings, the first of equal ones. @throws StatsInputError without rows of both classes in both parts */
export function fitRfm({ x, y, fitting }: RfmSample, options: RfmOptions = RFM_DEFAULTS): RfmFit {
  const labels = Array.from(y);
  for (const part of [labels.slice(0, fitting), labels.slice(fitting)]) {
    if (new Set(part).size < 2) throw new StatsInputError('RFM needs both classes among fitting and validation rows');
  }
  const d = x.length / labels.length;
  const rows = x.slice(0, fitting * d);
  const gram = productTransposed(rows, x, d);
  const own = productTransposed(rows, rows, d);
  const squares = Float64Array.from(labels, (_, i) => dot(x, i * d, x, i * d, d));
  let best: RfmFit | undefined;
  for (const bandwidth of options.bandwidths) {
    for (const centred of options.centred) {
      // Weights of the rows of G; undefined: the matrix is 1.
      let shape: Float64Array<ArrayBuffer> | undefined;
      for (let round = 1; round <= options.rounds; round++) {
        const distances = shape
          ? distancesUnder(product(shape, gram, fitting), fitting, labels.length)
          : plainDistances(gram, squares, labels.length);
        const { weights, scores } = ridgeFit(distances, labels, fitting, bandwidth, options.ridge);
        const { auc } = aucDeLong({ scores, labels: labels.slice(fitting) });
        shape = nextShape({ distances, weights, bandwidth, centred, own, shape, count: labels.length });
        if (!best || auc > best.validationAuc) {
          const direction = leading(shape, own, fitting);
          best = { weights: direction, bandwidth, centred, round, validationAuc: auc };
          if (auc === 1) return best;
        }
        const scale = largestDiagonal(product(shape, rows, fitting), d);
        // A fit without a slope has nothing to go on with.
        if (!(scale > 0) || !Number.isFinite(scale)) break;
        shape = shape.map((value) => value / Math.sqrt(scale));
      }
    }
  }
  return best!;
}

function plainDistances(gram: Float64Array, squares: Float64Array, count: number): Float64Array {
  return gram.map((value, at) => {
    const [i, j] = [Math.floor(at / count), at % count];
    return i === j ? 0 : Math.sqrt(Math.max(0, squares[i] + squares[j] - 2 * value));
  });
}

/** @param image [fitting][all]: G times every row. */
function distancesUnder(image: Float64Array, fitting: number, count: number): Float64Array {
  const out = new Float64Array(fitting * count);
  for (let r = 0; r < image.length / count; r++) {
    for (let i = 0; i < fitting; i++) {
      for (let j = 0; j < count; j++) out[i * count + j] += (image[r * count + i] - image[r * count + j]) ** 2;
    }
  }
  return out.map(Math.sqrt);
}

/** Kernel ridge regression to ±1, and what it says of the validation rows. */
function ridgeFit(
  distances: Float64Array,
  labels: readonly number[],
  fitting: number,
  bandwidth: number,
  ridge: number,
): { weights: Float64Array; scores: Float64Array } {
  const count = labels.length;
  const matrix = new Float64Array(fitting * fitting);
  for (let i = 0; i < fitting; i++) {
    for (let j = 0; j < fitting; j++)
      matrix[i * fitting + j] = Math.exp(-distances[i * count + j] / bandwidth) + (i === j ? ridge : 0);
  }
  const factor = cholesky(matrix, fitting);
  if (!factor) throw new StatsInputError('the rows hold values that are not finite numbers');
  const wanted = labels.slice(0, fitting).map((label) => (label === 1 ? 1 : -1));
  const weights = solveCholesky(factor, fitting, wanted);
  const scores = Float64Array.from({ length: count - fitting }, (_, v) => {
    let sum = 0;
    for (let i = 0; i < fitting; i++) sum += weights[i] * Math.exp(-distances[i * count + fitting + v] / bandwidth);
    return sum;
  });
  return { weights, scores };
}

/** ∇f(x) = −Σ aⱼ k(x, xⱼ) / (bandwidth · distance) · M (x − xⱼ) at every fitting row, as weights of the rows. */
function nextShape(fit: {
  readonly distances: Float64Array;
  readonly weights: Float64Array;
  readonly bandwidth: number;
  readonly centred: boolean;
  readonly own: Float64Array;
  readonly shape: Float64Array<ArrayBuffer> | undefined;
  readonly count: number;
}): Float64Array<ArrayBuffer> {
  const { distances, weights, bandwidth, own, shape, count } = fit;
  const m = weights.length;
  const slopes = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      const distance = distances[i * count + j];
      if (distance === 0) continue;
      const share = (-weights[j] * Math.exp(-distance / bandwidth)) / (bandwidth * distance);
      slopes[i * m + i] += share;
      slopes[i * m + j] -= share;
    }
  }
  const gradients = shape ? product(product(slopes, productTransposed(own, shape, m), m), shape, m) : slopes;
  if (!fit.centred) return gradients;
  const means = new Float64Array(m);
  for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) means[j] += gradients[i * m + j] / m;
  return gradients.map((value, at) => value - means[at % m]);
}

/** First eigenvector of Gᵀ G as weights of the rows, from that of G Gᵀ. */
function leading(shape: Float64Array, own: Float64Array, m: number): Float64Array<ArrayBuffer> {
  const outer = productTransposed(product(shape, own, m), shape, m);
  const { vectors } = largestEigen(outer, m, 1);
  return product(vectors, shape, m);
}

function largestDiagonal(g: Float64Array, d: number): number {
  const sums = new Float64Array(d);
  for (let at = 0; at < g.length; at++) sums[at % d] += g[at] ** 2;
  return sums.reduce((most, value) => Math.max(most, value), 0);
}

function dot(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) sum += a[i + k] * b[j + k];
  return sum;
}
