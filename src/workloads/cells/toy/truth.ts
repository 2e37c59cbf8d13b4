/**
 * What the best possible model knows of the toy: likelihood and conditionals by summing over all 2^10 states, three types and eight
 * depths. No network can be better than this, so it says how much of the way one has gone.
 */
import type { Guess } from '../baselines/impute.ts';
import { logSumExp } from '../baselines/model.ts';
import { binOfCount } from '../data/bins.ts';
import {
  CELL_TYPES,
  CONTROL_SHARE,
  DEPTHS,
  GENES,
  isOn,
  KNOCK_OUTS,
  PERTURBATIONS,
  probabilityOn,
  REGULATORS,
  TYPE_SHARES,
} from './network.ts';
import { countTables } from './simulate.ts';

const STATES = 2 ** REGULATORS.length;

export interface ToyTruth {
  readonly bins: number;
  /** P(type, state) by perturbation, the last over all perturbations, [PERTURBATIONS + 1][types · states]. */
  readonly prior: readonly Float64Array[];
  /** ln P(bin), [genes][depths][off, on][bins]. */
  readonly logProb: readonly (readonly (readonly Float64Array[])[])[];
  /** Genes that are on in the same states, as which they enter together. */
  readonly groups: readonly { readonly genes: readonly number[]; readonly on: Uint8Array }[];
}

/** @param edges least count of each bin, see `Bins` */
export function toyTruth(edges: readonly number[]): ToyTruth {
  const byPerturbation = PERTURBATIONS.map((_, i) => statePrior(KNOCK_OUTS[i - 1]));
  const shares = PERTURBATIONS.map((_, i) => (i === 0 ? CONTROL_SHARE : (1 - CONTROL_SHARE) / KNOCK_OUTS.length));
  const all = byPerturbation[0].map((_, at) =>
    shares.reduce((sum, share, i) => sum + share * byPerturbation[i][at], 0),
  );
  const logProb = countTables().map((depths) =>
    depths.map((pair) =>
      pair.map((counts) => {
        const p = new Float64Array(edges.length);
        counts.forEach((mass, count) => {
          p[binOfCount(edges, count)] += mass;
        });
        return p.map(Math.log);
      }),
    ),
  );
  return { bins: edges.length, prior: [...byPerturbation, all], logProb, groups: groupsOf() };
}

function groupsOf(): ToyTruth['groups'] {
  const byRule = new Map<string, number[]>();
  GENES.forEach(({ rule }, gene) => {
    const key = JSON.stringify(rule);
    byRule.set(key, [...(byRule.get(key) ?? []), gene]);
  });
  return [...byRule.values()].map((genes) => ({
    genes,
    on: Uint8Array.from({ length: CELL_TYPES.length * STATES }, (_, at) =>
      isOn(GENES[genes[0]].rule, at % STATES, Math.floor(at / STATES)) ? 1 : 0,
    ),
  }));
}

/** P(type, state), [types · states]. */
function statePrior(knockedOut: number | undefined): Float64Array {
  return new Float64Array(CELL_TYPES.length * STATES).map((_, at) => {
    const [type, state] = [Math.floor(at / STATES), at % STATES];
    let product: number = TYPE_SHARES[type];
    for (let regulator = 0; regulator < REGULATORS.length; regulator++) {
      const p = probabilityOn(regulator, state, type, knockedOut);
      product *= (state >> regulator) & 1 ? p : 1 - p;
    }
    return product;
  });
}

/**
 * ln P(depth, type, state, visible genes) of one row.
 * @param perturbation which is known, or undefined
 * @returns [depths][types · states]
 */
function logJoint(truth: ToyTruth, tokens: Uint8Array, row: number, perturbation: number | undefined): Float64Array {
  const prior = truth.prior[perturbation ?? PERTURBATIONS.length];
  const size = prior.length;
  const joint = new Float64Array(DEPTHS.length * size);
  for (let depth = 0; depth < DEPTHS.length; depth++) {
    const part = joint.subarray(depth * size, (depth + 1) * size);
    for (let at = 0; at < size; at++) part[at] = Math.log(prior[at] / DEPTHS.length);
    for (const { genes, on } of truth.groups) {
      const sums = [0, 0];
      for (const gene of genes) {
        const token = tokens[row * GENES.length + gene];
        if (token >= truth.bins) continue;
        sums[0] += truth.logProb[gene][depth][0][token];
        sums[1] += truth.logProb[gene][depth][1][token];
      }
      if (sums[0] === 0 && sums[1] === 0) continue;
      for (let at = 0; at < size; at++) part[at] += sums[on[at]];
    }
  }
  return joint;
}

/**
 * Mean −ln p(x) a gene of the simulator itself, nats, over the rows of `cells`.
 * @param perturbation index of every row's, where the likelihood is the one given it
 */
export function toyLikelihood(
  truth: ToyTruth,
  tokens: Uint8Array,
  cells: ArrayLike<number>,
  perturbation?: ArrayLike<number>,
): number {
  let sum = 0;
  for (let i = 0; i < cells.length; i++) sum -= logSumExp(logJoint(truth, tokens, cells[i], perturbation?.[cells[i]]));
  return sum / (cells.length * GENES.length);
}

/** Imputation with the true conditionals: the most that can be known. */
export function toyGuess(truth: ToyTruth): Guess {
  const p = new Float64Array(truth.bins);
  return (tokens, hidden, into) => {
    const joint = logJoint(truth, tokens, 0, undefined);
    const total = logSumExp(joint);
    const size = joint.length / DEPTHS.length;
    const posterior = joint.map((value) => Math.exp(value - total));
    for (const gene of hidden) {
      const { on } = truth.groups.find(({ genes }) => genes.includes(gene))!;
      p.fill(0);
      for (let depth = 0; depth < DEPTHS.length; depth++) {
        const weight = [0, 0];
        for (let at = 0; at < size; at++) weight[on[at]] += posterior[depth * size + at];
        truth.logProb[gene][depth].forEach((table, isGeneOn) => {
          for (let v = 0; v < truth.bins; v++) p[v] += weight[isGeneOn] * Math.exp(table[v]);
        });
      }
      into(gene, p);
    }
  };
}
