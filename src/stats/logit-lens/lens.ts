/** What a row of logits says of the token that came next. */
import { requireSameLength, StatsInputError } from '../errors.ts';

export interface LensReading {
  /** 1 + logits greater than the target's: ties do not count. */
  readonly rank: number;
  /** log p of the target, nats. */
  readonly logProbability: number;
  /** −Σ p log p, nats. */
  readonly entropy: number;
}

/** Reads one row of logits. NaN logits give NaN. */
export function readLens(logits: ArrayLike<number>, target: number): LensReading {
  if (!Number.isInteger(target) || target < 0 || target >= logits.length) {
    throw new StatsInputError(`the target is ${target}; there are ${logits.length} logits`);
  }
  const { normaliser, most } = logSumExp(logits);
  let [greater, mean] = [0, 0];
  for (let v = 0; v < logits.length; v++) {
    if (logits[v] > logits[target]) greater++;
    const share = Math.exp(logits[v] - most - normaliser);
    if (share > 0) mean += share * (logits[v] - most);
  }
  return {
    rank: Number.isNaN(normaliser) ? Number.NaN : 1 + greater,
    logProbability: logits[target] - most - normaliser,
    entropy: normaliser - mean,
  };
}

/** KL(p‖q) = Σ p (log p − log q) of the distributions of two rows of logits, nats; not negative but for rounding. */
export function klDivergence(p: ArrayLike<number>, q: ArrayLike<number>): number {
  requireSameLength(p, q, 'both rows of logits');
  const [ofP, ofQ] = [logSumExp(p), logSumExp(q)];
  let sum = 0;
  for (let v = 0; v < p.length; v++) {
    const log = p[v] - ofP.most - ofP.normaliser;
    const share = Math.exp(log);
    if (share > 0) sum += share * (log - (q[v] - ofQ.most - ofQ.normaliser));
  }
  return sum;
}

/** log Σ exp(z − most), with the largest logit taken off so that nothing overflows. */
function logSumExp(logits: ArrayLike<number>): { readonly normaliser: number; readonly most: number } {
  let most = Number.NEGATIVE_INFINITY;
  for (let v = 0; v < logits.length; v++) most = Math.max(most, logits[v]);
  let sum = 0;
  for (let v = 0; v < logits.length; v++) sum += Math.exp(logits[v] - most);
  return { normaliser: Math.log(sum), most };
}
