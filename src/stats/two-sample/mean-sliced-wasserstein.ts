/**
 * Sliced W2 as st3 and scLDM print it: the mean over random directions of the one-dimensional W2 distances themselves, where Bonneel's
 * (`sliced-wasserstein.ts`) is the root of the mean of their squares and so never smaller.
 */
import { StatsInputError } from '../errors.ts';
import { Multiplier, rowMajor } from './matmul.ts';
import { countPoints, type Points, requireSameDim } from './points.ts';
import { RandomWords } from './random-words.ts';
import { PROJECTIONS, type SlicedWassersteinProgress, squaredW2 } from './sliced-wasserstein.ts';
import { finish, type Steps } from './steps.ts';

/** Directions that are projected on at a time. */
const DIRECTIONS = 16;

/**
 * Mean over `directions` random unit vectors u of √(mean of (sorted u·a − sorted u·b)²) of the reference a and each sample b, in the units
 * of the points (st3, eval/generation_metrics.py, wasserstein2_distance). All samples see the same directions; projections are f32.
 */
export function* meanSlicedWassersteinSteps(
  reference: Points,
  samples: readonly Points[],
  seed: number,
  directions = PROJECTIONS,
): Steps<SlicedWassersteinProgress, number[]> {
  if (!Number.isInteger(directions) || directions < 1) {
    throw new StatsInputError(`directions must be a positive integer, got ${directions}`);
  }
  const { dim } = reference;
  const all = [reference, ...samples];
  const counts = all.map((points, i) => countPoints(points, i === 0 ? 'reference' : `samples[${i - 1}]`));
  for (const sample of samples) requireSameDim(reference, sample);
  const multiplier = new Multiplier();
  const arrays = multiplier.arrays([
    dim * DIRECTIONS,
    Math.max(...counts) * DIRECTIONS,
    ...all.map(({ values }) => values.length),
  ]);
  const [vectors, out, ...rows] = arrays;
  for (const [i, { values }] of all.entries()) for (let k = 0; k < values.length; k++) rows[i][k] = values[k];
  const words = new RandomWords(seed, 0);
  const sums = samples.map(() => 0);
  const sorted = counts.map((count) => Array.from({ length: DIRECTIONS }, () => new Float64Array(count)));
  for (let done = 0; done < directions; ) {
    const now = Math.min(DIRECTIONS, directions - done);
    fillDirections(words, vectors, dim);
    for (let i = 0; i < all.length; i++) {
      multiplier.multiply(counts[i], DIRECTIONS, dim, rowMajor(rows[i], dim), vectors, out);
      for (let d = 0; d < now; d++) {
        const line = sorted[i][d];
        for (let k = 0; k < line.length; k++) line[k] = out[k * DIRECTIONS + d];
        line.sort();
      }
    }
    for (let s = 0; s < samples.length; s++) {
      for (let d = 0; d < now; d++) sums[s] += Math.sqrt(squaredW2(sorted[0][d], sorted[s + 1][d]));
    }
    done += now;
    yield { projections: done, ofProjections: directions };
  }
  return sums.map((sum) => sum / directions);
}

/** `meanSlicedWassersteinSteps` of one sample without a pause. */
export function meanSlicedWasserstein(a: Points, b: Points, seed: number, directions?: number): number {
  return finish(meanSlicedWassersteinSteps(a, [b], seed, directions))[0];
}

/** Unit vectors in the columns. */
function fillDirections(words: RandomWords, vectors: Float32Array, dim: number): void {
  for (let d = 0; d < DIRECTIONS; d++) {
    const direction = Float64Array.from({ length: dim }, () => words.normal());
    const norm = Math.sqrt(direction.reduce((sum, v) => sum + v * v, 0));
    for (let axis = 0; axis < dim; axis++) vectors[axis * DIRECTIONS + d] = direction[axis] / norm;
  }
}
