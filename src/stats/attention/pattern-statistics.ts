/** What one head's attention pattern looks at, in numbers that add up over items. A pattern is [width][width], row = query, causal; rows past `length` are padding. */
import { requirePattern } from './pattern.ts';

/** Sums over queries t = 1 … length − 1: query 0 sees only itself. */
export interface PatternSums {
  readonly queries: number;
  /** −Σ a log a, nats. */
  readonly entropy: number;
  /** The same over log(t + 1), since a causal row has t + 1 choices. */
  readonly entropyOverChoices: number;
  /** Σ a (t − k), tokens back. */
  readonly distance: number;
  /** a[t, 0]: the sink. */
  readonly firstToken: number;
  /** a[t, t − 1]. */
  readonly previousToken: number;
}

export const NO_PATTERN: PatternSums = {
  queries: 0,
  entropy: 0,
  entropyOverChoices: 0,
  distance: 0,
  firstToken: 0,
  previousToken: 0,
};

/** Sums of one item and head. */
export function patternSums(pattern: ArrayLike<number>, width: number, length: number): PatternSums {
  requirePattern(pattern, width, length);
  const sums = { ...NO_PATTERN, queries: Math.max(0, length - 1) };
  for (let t = 1; t < length; t++) {
    let [entropy, distance] = [0, 0];
    for (let k = 0; k <= t; k++) {
      const share = pattern[t * width + k];
      if (share > 0) entropy -= share * Math.log(share);
      distance += share * (t - k);
    }
    sums.entropy += entropy;
    sums.entropyOverChoices += entropy / Math.log(t + 1);
    sums.distance += distance;
    sums.firstToken += pattern[t * width];
    sums.previousToken += pattern[t * width + t - 1];
  }
  return sums;
}

/** Sums of both together: in item order, so that any chunks give the same bits. */
export function addPatternSums(one: PatternSums, other: PatternSums): PatternSums {
  return mapSums((key) => one[key] + other[key]);
}

/** Means over queries; `queries` stays. NaN where there are none. */
export function patternMeans(sums: PatternSums): PatternSums {
  return mapSums((key) => (key === 'queries' ? sums.queries : sums[key] / sums.queries));
}

function mapSums(value: (key: keyof PatternSums) => number): PatternSums {
  return {
    queries: value('queries'),
    entropy: value('entropy'),
    entropyOverChoices: value('entropyOverChoices'),
    distance: value('distance'),
    firstToken: value('firstToken'),
    previousToken: value('previousToken'),
  };
}

/**
 * TensorScope's normalised entropy of a head, for comparison: −Σ a log a over log(width), meaned over all rows of the padded pattern, those of padding
 * as zeros. It falls with the length of the longest text of the batch and with the padding of others.
 */
export function tensorScopeEntropy(pattern: ArrayLike<number>, width: number, length: number): number {
  return patternSums(pattern, width, length).entropy / (width * Math.log(width));
}
