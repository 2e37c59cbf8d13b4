/** Where the library is tried: keys and counters, and uniform numbers over (0, 1). The stored values are those of these points. */

/** Points of each kind. */
export const POINTS = 256;

/** Keys and counters of Random123's known answers for Threefry-2x32-20 (`kat_vectors`). */
const KNOWN = [
  0, 0, 0, 0, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3,
];

/** [POINTS, 4]: the key's two words, the counter's two. The known answers' first, then words whose bits all change. */
export function threefryPoints(): Uint32Array<ArrayBuffer> {
  const points = new Uint32Array(4 * POINTS);
  for (let i = 0; i < points.length; i++) points[i] = Math.imul(i, 0x9e3779b1) ^ (i >>> 3);
  points.set(KNOWN);
  return points;
}

/**
 * [POINTS]: the upper 24 bits of each word are k of the uniform (k + ½) 2⁻²⁴. A quarter walks down each tail in equal steps of log k, to
 * the very last uniform; the rest is evenly spread.
 */
export function uniformBits(): Uint32Array<ArrayBuffer> {
  const quarter = POINTS / 4;
  const last = 2 ** 24 - 1;
  const tail = (i: number) => Math.round(2 ** ((20 * i) / (quarter - 1))) - 1;
  const spread = (i: number) => Math.floor(((i - quarter + 0.5) * (last + 1)) / (POINTS - 2 * quarter));
  return Uint32Array.from({ length: POINTS }, (_, i) => {
    if (i < quarter) return tail(i) * 256;
    return (i < POINTS - quarter ? spread(i) : last - tail(POINTS - 1 - i)) * 256;
  });
}
