/** Positions of a film at any time: frames, and straight lines between them. */

interface Frames {
  readonly dimension: number;
  readonly particles: number;
  readonly times: readonly number[];
  readonly positions: Float32Array;
}

/** Index of the last frame at or before t. */
export function frameAt({ times }: Pick<Frames, 'times'>, t: number): number {
  let at = 0;
  while (at + 1 < times.length && times[at + 1] <= t + 1e-9) at++;
  return at;
}

/** [particle][parameter] at time t. */
export function positionsAt(film: Frames, t: number): Float32Array {
  const { dimension, particles, times, positions } = film;
  const size = particles * dimension;
  const at = frameAt(film, t);
  const before = positions.subarray(at * size, (at + 1) * size);
  if (at + 1 >= times.length) return before;
  const part = (t - times[at]) / (times[at + 1] - times[at]);
  if (part <= 0) return before;
  const after = positions.subarray((at + 1) * size, (at + 2) * size);
  return before.map((value, i) => value + part * (after[i] - value));
}

/** Time of the next frame after t; 1 where there is none. */
export function nextTime(film: Pick<Frames, 'times'>, t: number): number {
  return film.times[frameAt(film, t) + 1] ?? 1;
}
