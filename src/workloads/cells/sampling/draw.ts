/** Draws a token from logits. Twin of `shaders/cells/draw.wgsl`, same names and order. */

/** Puts log p_γ = γ log p(·|c) + (1 − γ) log p(·), up to a constant, in the place of the first. */
export function guide(logits: Float64Array, without: Float64Array, guidance: number): void {
  for (let v = 0; v < logits.length; v++) logits[v] = guidance * logits[v] + (1 - guidance) * without[v];
}

/**
 * A token with probability ∝ p^{1/T}, by the inverse of its distribution function at (word + ½)/2³². One of weight 0 is never drawn.
 */
export function drawCategory(logits: ArrayLike<number>, temperature: number, word: number): number {
  let largest = logits[0];
  for (let v = 1; v < logits.length; v++) largest = Math.max(largest, logits[v]);
  let total = 0;
  for (let v = 0; v < logits.length; v++) total += Math.exp((logits[v] - largest) / temperature);
  const target = ((word + 0.5) / 2 ** 32) * total;
  let below = 0;
  let last = 0;
  for (let v = 0; v < logits.length; v++) {
    const weight = Math.exp((logits[v] - largest) / temperature);
    below += weight;
    if (weight > 0) last = v;
    if (target < below) return v;
  }
  return last;
}

/** The most probable token; the lowest of equals. */
export function argMax(logits: ArrayLike<number>): number {
  let best = 0;
  for (let v = 1; v < logits.length; v++) if (logits[v] > logits[best]) best = v;
  return best;
}
