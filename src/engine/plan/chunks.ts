/** How a run's items are cut into chunks, and the largest chunk that fits. */

/** Consecutive ranges of at most `chunk` indices that cover 0 … items − 1 once; the last one may be shorter. */
export function splitChunks(items: number, chunk: number): number[][] {
  const chunks: number[][] = [];
  for (let first = 0; first < items; first += chunk) {
    chunks.push(Array.from({ length: Math.min(chunk, items - first) }, (_, i) => first + i));
  }
  return chunks;
}

/** The given items in chunks of at most `chunk`, in their order. */
export function splitItems(items: readonly number[], chunk: number): number[][] {
  return splitChunks(items.length, chunk).map((places) => places.map((place) => items[place]));
}

/**
 * Largest chunk in 1 … limit for which `fits` holds, by bisection (memory grows with the chunk); 0 when not even one
 * item fits.
 */
export function largestFitting(limit: number, fits: (chunk: number) => boolean): number {
  if (limit < 1 || !fits(1)) return 0;
  let low = 1;
  let high = limit;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
