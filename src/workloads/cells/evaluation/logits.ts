/** Logits in another precision against those in f32. */
import { argMax, drawCategory } from '../sampling/draw.ts';
import type { LogitsAgreement } from './types.ts';

/**
 * @param exact in f32, [rows][bins] @param found the same rows in another precision
 * @param words one a row, that its token is drawn by in both
 */
export function compareLogits(
  exact: Float32Array,
  found: Float32Array,
  words: Uint32Array,
  bins: number,
): LogitsAgreement {
  const rows = words.length;
  let [squares, largest, kl, flips, argmaxDiffers] = [0, 0, 0, 0, 0];
  for (let i = 0; i < exact.length; i++) {
    squares += exact[i] * exact[i];
    largest = Math.max(largest, Math.abs(found[i] - exact[i]));
  }
  for (let row = 0; row < rows; row++) {
    const [p, q] = [exact, found].map((logits) => logits.subarray(row * bins, (row + 1) * bins));
    kl += divergence(p, q);
    flips += Number(drawCategory(p, 1, words[row]) !== drawCategory(q, 1, words[row]));
    argmaxDiffers += Number(argMax(p) !== argMax(q));
  }
  return {
    rows,
    maxOverRms: largest / Math.sqrt(squares / exact.length),
    kl: kl / rows,
    argmaxDiffers: argmaxDiffers / rows,
    flips: flips / rows,
  };
}

/** KL(p ‖ q) of two rows of logits, nats. */
function divergence(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const [logP, logQ] = [logProbabilities(p), logProbabilities(q)];
  return logP.reduce((sum, log, v) => sum + Math.exp(log) * (log - logQ[v]), 0);
}

function logProbabilities(logits: ArrayLike<number>): Float64Array {
  const largest = Math.max(...Array.from(logits));
  let sum = 0;
  for (let v = 0; v < logits.length; v++) sum += Math.exp(logits[v] - largest);
  return Float64Array.from(logits, (logit) => logit - largest - Math.log(sum));
}
