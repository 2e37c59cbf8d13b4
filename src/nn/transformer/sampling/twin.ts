/** Drawing a token from logits, in f64 and by sorting: twin of `shaders/nn/transformer/sampling.wgsl`. */
import { keyOfSeed, threefryWord } from '../../../stats/threefry.ts';
import type { SamplingSpec } from '../batch.ts';
import { PURPOSE } from './sampling.ts';

/** The first of the likeliest. */
export function likeliest(logits: ArrayLike<number>): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id] > logits[best]) best = id;
  return best;
}

/** Ids among which is drawn, ascending, and their probabilities. @param temperature above 0 */
export function keptTokens(
  logits: ArrayLike<number>,
  { temperature, topK, topP }: SamplingSpec,
): { readonly ids: Uint32Array; readonly probabilities: Float64Array } {
  const largest = logits[likeliest(logits)];
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - largest) / temperature));
  const order = Uint32Array.from(weights.keys()).sort((a, b) => logits[b] - logits[a] || a - b);
  const taken = order.subarray(0, topK > 0 ? topK : order.length);
  let total = 0;
  for (const id of taken) total += weights[id];
  let count = 0;
  let mass = 0;
  while (count < taken.length && (count === 0 || topP >= 1 || mass < topP * total)) mass += weights[taken[count++]];
  const ids = Uint32Array.from(taken.subarray(0, count)).sort();
  return { ids, probabilities: Float64Array.from(ids, (id) => weights[id] / mass) };
}

/** The first id whose sum of probabilities over ids up to it exceeds u; greedy without a temperature. @param u in [0, 1) */
export function chooseToken(logits: ArrayLike<number>, sampling: SamplingSpec, u: number): number {
  if (sampling.temperature === 0) return likeliest(logits);
  const { ids, probabilities } = keptTokens(logits, sampling);
  let sum = 0;
  for (let i = 0; i < ids.length; i++) {
    sum += probabilities[i];
    if (sum > u) return ids[i];
  }
  return ids[ids.length - 1];
}

/** The word in units of 2⁻³² by which the token at a position is drawn. */
export function tokenWord(seed: number, position: number): number {
  const [low, high] = keyOfSeed(seed);
  return threefryWord(low, high, position, PURPOSE.token);
}

/** The token of a text at a position: of its seed and logits alone. */
export function drawToken(
  logits: ArrayLike<number>,
  sampling: SamplingSpec,
  { seed, position }: { readonly seed: number; readonly position: number },
): number {
  return chooseToken(logits, sampling, tokenWord(seed, position) / 2 ** 32);
}

/** −log p of an id at temperature 1, nats. */
export function surprise(logits: ArrayLike<number>, id: number): number {
  const largest = logits[likeliest(logits)];
  let sum = 0;
  for (let other = 0; other < logits.length; other++) sum += Math.exp(logits[other] - largest);
  return Math.log(sum) - (logits[id] - largest);
}
