/** Hidden genes guessed from visible ones: the task by which models are compared token by token. */
import { keyOfSeed, threefry2x32 } from '../../../stats/threefry.ts';
import { conditional, logJoints, type MixtureModel, type TokenRows } from './model.ts';

/** Share of genes hidden in the reference's figures. */
export const HIDDEN_SHARE = 0.2;

/** What these random numbers are for: the upper counter word. */
const PURPOSE = 0x1177_0000;

/** p(x_i = v | visible) of hidden gene after hidden gene of one cell. @param tokens [genes], V where hidden */
export type Guess = (
  tokens: Uint8Array,
  hidden: readonly number[],
  into: (gene: number, p: Float64Array) => void,
) => void;

export interface ImputationScore {
  /** Share of hidden tokens whose likeliest value is the true one, 0 to 1. */
  readonly exact: number;
  /** Mean |x̂ − x| in bins, with the median of p as guess: the guess that makes it least. */
  readonly mae: number;
  /** Mean −ln p(x), nats. */
  readonly crossEntropy: number;
  readonly hidden: number;
}

/** Genes hidden in a cell: each independently with the share, the same ones for every model. */
export function hiddenGenes(genes: number, cell: number, seed: number, share = HIDDEN_SHARE): number[] {
  const key = keyOfSeed(seed);
  const below = Math.round(share * 2 ** 32);
  return Array.from({ length: genes }, (_, gene) => gene).filter(
    (gene) => threefry2x32(key, [cell, (PURPOSE | gene) >>> 0])[0] < below,
  );
}

/** How well a guess imputes cells. */
export function scoreImputation(
  { genes, bins, tokens }: TokenRows,
  cells: ArrayLike<number>,
  guess: Guess,
  { seed, share }: { readonly seed: number; readonly share?: number },
): ImputationScore {
  let [exact, error, entropy, count] = [0, 0, 0, 0];
  for (let i = 0; i < cells.length; i++) {
    const row = tokens.slice(cells[i] * genes, (cells[i] + 1) * genes);
    const hidden = hiddenGenes(genes, cells[i], seed, share);
    const visible = row.slice();
    for (const gene of hidden) visible[gene] = bins;
    guess(visible, hidden, (gene, p) => {
      if (modeOf(p) === row[gene]) exact++;
      error += Math.abs(medianOf(p) - row[gene]);
      entropy -= Math.log(p[row[gene]]);
      count++;
    });
  }
  return { exact: exact / count, mae: error / count, crossEntropy: entropy / count, hidden: count };
}

/** By a mixture's exact conditionals; with one component the mode and median of every gene. */
export function mixtureGuess(model: MixtureModel): Guess {
  const joints = new Float64Array(model.classes);
  const p = new Float64Array(model.bins);
  return (tokens, hidden, into) => {
    logJoints(model, tokens, 0, joints);
    for (const gene of hidden) {
      conditional(model, joints, gene, p);
      into(gene, p);
    }
  };
}

/** "No molecule" everywhere. */
export function zeroGuess(bins: number): Guess {
  const p = new Float64Array(bins);
  p[0] = 1;
  return (_, hidden, into) => {
    for (const gene of hidden) into(gene, p);
  };
}

/** The likeliest value, the least of equals. */
export function modeOf(p: ArrayLike<number>): number {
  let best = 0;
  for (let v = 1; v < p.length; v++) if (p[v] > p[best]) best = v;
  return best;
}

/** The least value with half of the probability at or below it. */
export function medianOf(p: ArrayLike<number>): number {
  let sum = 0;
  for (let v = 0; v < p.length; v++) {
    sum += p[v];
    if (sum >= 0.5) return v;
  }
  return p.length - 1;
}
