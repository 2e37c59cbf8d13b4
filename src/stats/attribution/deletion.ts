/** Whether an attribution is right: f falls faster when tokens are removed in its order than in a random one (Petsiuk, Das & Saenko 2018). */
import { requireSameLength, StatsInputError } from '../errors.ts';
import { permutationP } from '../resampling/permutation.ts';
import { RandomWords } from '../two-sample/random-words.ts';

/** Tokens from the most to the least supporting (signed values, descending; equal ones in order of the text). */
export function deletionOrder(attributions: ArrayLike<number>): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(
    Array.from(attributions, (_, s) => s).sort((a, b) => attributions[b] - attributions[a] || a - b),
  );
}

/** Tokens in random order: the same bits for the same seed and stream, one stream a draw. */
export function randomOrder(tokens: number, seed: number, stream: number): Uint32Array<ArrayBuffer> {
  const order = Uint32Array.from({ length: tokens }, (_, s) => s);
  new RandomWords(seed, stream).shuffle(order);
  return order;
}

/** Area under f against the share of tokens removed, by trapezia: f with all tokens first, with none last. */
export function deletionArea(curve: ArrayLike<number>): number {
  const steps = curve.length - 1;
  if (steps < 1) throw new StatsInputError('a deletion curve needs f before and after at least one removal');
  let sum = (curve[0] + curve[steps]) / 2;
  for (let k = 1; k < steps; k++) sum += curve[k];
  return sum / steps;
}

export interface DeletionTest {
  readonly area: number;
  /** Of random orders. */
  readonly randomMean: number;
  /** Standard deviation between random orders (n − 1). */
  readonly randomSd: number;
  /** Share of random orders that fall as fast or faster, (1 + k)/(1 + n). */
  readonly p: number;
}

/** Area of the curve in order of attribution against those of random orders. */
export function deletionTest(curve: ArrayLike<number>, random: readonly ArrayLike<number>[]): DeletionTest {
  const area = deletionArea(curve);
  const areas = random.map((one) => {
    requireSameLength(one, curve, 'the deletion curves');
    return deletionArea(one);
  });
  const n = areas.length;
  const randomMean = areas.reduce((sum, value) => sum + value, 0) / n;
  const squares = areas.reduce((sum, value) => sum + (value - randomMean) ** 2, 0);
  return {
    area,
    randomMean,
    randomSd: n > 1 ? Math.sqrt(squares / (n - 1)) : Number.NaN,
    p: permutationP(area, areas, 'less'),
  };
}
