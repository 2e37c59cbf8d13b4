/** Attention rollout: how much of each token is mixed into each position when attention is followed through all layers. */
import { requirePattern } from './pattern.ts';

/**
 * R = Π_l (½Ā_l + ½I), later layers on the left (Abnar & Zuidema 2020): rows sum to 1, and a causal model stays causal.
 * @param layers head means Ā_l of each layer, first layer first, [width][width].
 */
export function rollout(layers: readonly ArrayLike<number>[], width: number): Float64Array<ArrayBuffer> {
  return follow(layers, width, (layer, t, k) => layer[t * width + k]);
}

/**
 * TensorScope's rollout, for comparison: it takes the softmax of Ā, which is one already. Rows come out nearly uniform, and positions receive from their
 * future.
 */
export function tensorScopeRollout(layers: readonly ArrayLike<number>[], width: number): Float64Array<ArrayBuffer> {
  const sums = layers.map((layer) =>
    Float64Array.from({ length: width }, (_, t) => {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += Math.exp(layer[t * width + k]);
      return sum;
    }),
  );
  return follow(layers, width, (layer, t, k, at) => Math.exp(layer[t * width + k]) / sums[at][t]);
}

function follow(
  layers: readonly ArrayLike<number>[],
  width: number,
  share: (layer: ArrayLike<number>, t: number, k: number, at: number) => number,
): Float64Array<ArrayBuffer> {
  let mixed = new Float64Array(width * width);
  for (let t = 0; t < width; t++) mixed[t * width + t] = 1;
  layers.forEach((layer, at) => {
    requirePattern(layer, width, width);
    const next = new Float64Array(width * width);
    for (let t = 0; t < width; t++) {
      for (let k = 0; k < width; k++) {
        const weight = 0.5 * share(layer, t, k, at) + (k === t ? 0.5 : 0);
        if (weight !== 0) for (let s = 0; s < width; s++) next[t * width + s] += weight * mixed[k * width + s];
      }
    }
    mixed = next;
  });
  return mixed;
}
