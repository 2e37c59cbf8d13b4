/** Which cells train and which are held out. Files often lie sorted by label, so cells are shuffled first. */
import { keyOfSeed, threefry2x32 } from '../../../stats/threefry.ts';
import { ConfigError } from '../../workload.ts';

export interface Split {
  /** Indices of cells, in shuffled order; together with `heldOut` each once. */
  readonly training: Uint32Array<ArrayBuffer>;
  readonly heldOut: Uint32Array<ArrayBuffer>;
}

export const HELD_OUT_SHARE = 0.2;

/** What these random numbers are for: the upper counter word. */
const PURPOSE = 0x5011_7000;

/** 0 … n − 1 in an order that the seed fixes on every machine: Fisher and Yates' shuffle with addressed random numbers. */
export function shuffled(n: number, seed: number, purpose = PURPOSE): Uint32Array<ArrayBuffer> {
  const key = keyOfSeed(seed);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const [word] = threefry2x32(key, [i, purpose]);
    const j = Math.floor((word / 2 ** 32) * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/**
 * A share of the cells is held out, at least one and at most all but one.
 * @throws ConfigError for fewer than two cells or a share outside (0, 1)
 */
export function splitCells(cells: number, seed: number, share = HELD_OUT_SHARE): Split {
  if (!(share > 0 && share < 1))
    throw new ConfigError('heldOut', `a held-out share of ${share}: choose one between 0 and 1, for instance 0.2.`);
  if (cells < 2)
    throw new ConfigError('data', `${cells} cells: at least two are needed, one to train on and one held out.`);
  const out = Math.min(cells - 1, Math.max(1, Math.round(share * cells)));
  const order = shuffled(cells, seed);
  return { heldOut: order.slice(0, out), training: order.slice(out) };
}

/** The f-th of several folds: held out are the shuffled cells f, f + folds, f + 2 folds, … */
export function foldOf(cells: number, seed: number, fold: number, folds: number): Split {
  const order = shuffled(cells, seed);
  return {
    heldOut: order.filter((_, i) => i % folds === fold),
    training: order.filter((_, i) => i % folds !== fold),
  };
}
