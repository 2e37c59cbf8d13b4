/**
 * Three maximum mean discrepancies that papers on generated cells print under one name. Their kernels and estimators differ, so their
 * numbers cannot be compared with one another:
 *
 * - `st3`: unbiased, one Gaussian kernel exp(−γ|x − y|²), γ = 1/(2 m²), m the median distance between different cells among 100 + 100
 *   (st3, eval/generation_metrics.py; Gretton et al., JMLR 13 (2012) 723, eq. 3). st3 sets values below 0 to 0; here they stay.
 * - `scldm`: V-statistic (pairs of a cell with itself count), kernel exp(−|x − y|²) (scLDM, evaluations.py, RBFKernel and MMDLoss).
 * - `cfgen`: V-statistic, sum of Gaussian kernels of σ = 0.01, 0.1, 1, 10, 100 (CFGen, eval/mmd.py, mix_rbf_mmd2).
 */
import { StatsInputError } from '../errors.ts';
import { quantileSorted } from '../order.ts';
import { type PairDistances, pairDistanceSteps } from './pair-distances.ts';
import { countPoints, type Points, requireSameDim } from './points.ts';
import { RandomWords } from './random-words.ts';
import { squaredDistances } from './squared-distances.ts';
import { finish } from './steps.ts';

export type MmdName = 'st3' | 'scldm' | 'cfgen';

/** Cells of each sample that st3 takes the median distance from. */
const MEDIAN_CELLS = 100;
/** Stream of random words that chooses them. */
const MEDIAN_STREAM = 0x6d6d64;
const CFGEN_SIGMAS = [0.01, 0.1, 1, 10, 100] as const;
/** st3's γ: 1/(2 median²) of the distances above 0 among at most 100 random points of each sample; 1 where all coincide. */
export function medianGamma(a: Points, b: Points, seed: number): number {
  requireSameDim(a, b);
  const words = new RandomWords(seed, MEDIAN_STREAM);
  const used = Math.min(MEDIAN_CELLS, countPoints(a, 'a', 2), countPoints(b, 'b', 2));
  const picked = new Float64Array(2 * used * a.dim);
  for (const [which, { values, dim }] of [a, b].entries()) {
    const order = Uint32Array.from({ length: values.length / dim }, (_, i) => i);
    words.shuffle(order);
    for (let i = 0; i < used * dim; i++) {
      picked[which * used * dim + i] = values[order[Math.floor(i / dim)] * dim + (i % dim)];
    }
  }
  const found: number[] = [];
  const both = { values: picked, dim: a.dim };
  for (const { row, rows, column, columns, squares } of squaredDistances(both, both, true)) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns && column + j < row + i; j++) {
        if (squares[i * columns + j] > 0) found.push(Math.sqrt(squares[i * columns + j]));
      }
    }
  }
  if (found.length === 0) return 1;
  return 1 / (2 * quantileSorted(Float64Array.from(found).sort(), 0.5) ** 2);
}

/** Sum of CFGen's five kernels: each is the hundredth power of the next wider one. */
function cfgenKernel(square: number): number {
  const [narrow, , , , wide] = CFGEN_SIGMAS;
  let value = Math.exp(-square / (2 * wide * wide));
  let sum = value;
  for (let sigma = wide; sigma > 2 * narrow; sigma /= 10) {
    const p4 = value ** 2 * value ** 2;
    const p32 = p4 ** 2 * p4 ** 2 * (p4 ** 2 * p4 ** 2);
    value = p32 ** 2 * p32 * p4;
    sum += value;
  }
  return sum;
}

/**
 * MMD² by one of the three definitions, in kernel units, from the distances within both samples and between them.
 * @param gamma of st3's kernel: `medianGamma`
 */
export function mmdOf(
  name: MmdName,
  within: readonly [PairDistances, PairDistances],
  between: PairDistances,
  gamma: number,
): number {
  const kernel = kernelOf(name, gamma);
  const [n, m] = within.map(({ n }) => n);
  const [xx, yy] = within.map((distances) => 2 * distances.sum(kernel));
  const cross = (2 * between.sum(kernel)) / (n * m);
  if (name === 'st3') return xx / (n * (n - 1)) + yy / (m * (m - 1)) - cross;
  const self = kernel(0);
  return (xx + n * self) / (n * n) + (yy + m * self) / (m * m) - cross;
}

function kernelOf(name: MmdName, gamma: number): (square: number) => number {
  if (name === 'cfgen') return cfgenKernel;
  if (name === 'scldm') return (square) => Math.exp(-square);
  if (!(gamma > 0)) throw new StatsInputError(`gamma must be positive, got ${gamma}`);
  return (square) => Math.exp(-gamma * square);
}

/**
 * MMD² of two samples alone. @param seed chooses the cells of st3's median; the other definitions take none.
 * @throws StatsInputError for samples of other dimensions, or fewer than two points
 */
export function namedMmd(name: MmdName, a: Points, b: Points, seed: number): number {
  const within = [finish(pairDistanceSteps(a, a)), finish(pairDistanceSteps(b, b))] as const;
  return mmdOf(name, within, finish(pairDistanceSteps(a, b)), medianGamma(a, b, seed));
}
