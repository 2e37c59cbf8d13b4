/** Peaks of a sample of one variable, and the shortest intervals that hold most of each: what a mean would stand between. */

export interface Peak {
  readonly low: number;
  readonly high: number;
  /** Of all draws, those of this peak. */
  readonly share: number;
}

/** Draws are looked at in windows of this share of all: a peak holds more. */
const WINDOW = 0.05;
/** A window between two peaks is at least so many times as long as the shortest in either. Normal, flat and skew samples stay below. */
const DEEP = 5;
const HELD = 0.95;
const FEWEST = 100;

/**
 * The peaks, ascending, where there are several; undefined for one. Between two of them a stretch with 5 % of the draws is more than five
 * times as long as the shortest in either; the interval of each is the shortest that holds 95 % of its draws.
 * @param sorted finite, ascending
 */
export function peaksOf(sorted: ArrayLike<number>): Peak[] | undefined {
  const n = sorted.length;
  const span = Math.round(WINDOW * n);
  if (n < FEWEST) return undefined;
  const length = (i: number) => sorted[i + span] - sorted[i];
  const cuts: number[] = [];
  // Shortest window since the last cut, and the longest since that one.
  let [short, long, at] = [length(0), 0, 0];
  for (let i = 1; i + span < n; i++) {
    const here = length(i);
    if (long > DEEP * short && long > DEEP * here) {
      cuts.push(widest(sorted, at, at + span));
      [short, long] = [here, 0];
    } else if (here < short) [short, long] = [here, 0];
    else if (here > long) [long, at] = [here, i];
  }
  if (cuts.length === 0) return undefined;
  return [0, ...cuts].map((from, k) => shortest(sorted, from, cuts[k] ?? n));
}

/** Index behind the widest gap of a window. */
function widest(sorted: ArrayLike<number>, from: number, to: number): number {
  let found = from + 1;
  for (let i = from + 1; i <= to; i++) if (sorted[i] - sorted[i - 1] > sorted[found] - sorted[found - 1]) found = i;
  return found;
}

function shortest(sorted: ArrayLike<number>, from: number, to: number): Peak {
  const span = Math.max(1, Math.ceil(HELD * (to - from))) - 1;
  let best = from;
  for (let i = from; i + span < to; i++)
    if (sorted[i + span] - sorted[i] < sorted[best + span] - sorted[best]) best = i;
  return { low: sorted[best], high: sorted[best + span], share: (to - from) / sorted.length };
}
