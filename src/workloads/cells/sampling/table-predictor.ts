/** A predictor that is exact for small laws: the conditionals of every visible state, enumerated. */
import { FORBIDDEN_LOGIT, labelOf, type Predictor } from './predictor.ts';

/** Laws over bins^genes states (first gene slowest), one a class, and the weights of the classes. */
export interface EnumeratedLaw {
  readonly genes: number;
  readonly bins: number;
  readonly classes: readonly ArrayLike<number>[];
  /** Sum to 1; equal unless given. */
  readonly prior?: readonly number[];
}

/** The conditionals of such laws. */
export interface ConditionalTable {
  readonly genes: number;
  readonly bins: number;
  /** Laws in the table: a class each, and the mixture of them, which is the law without a label, as the last. */
  readonly laws: number;
  /**
   * [law][state][gene][bin] log p(gene = bin | visible genes of the state); a state has (bins + 1)^genes values, first gene slowest, `bins`
   * where hidden. FORBIDDEN_LOGIT for probability 0.
   */
  readonly logits: Float64Array;
}

export function conditionalTable({ genes, bins, classes, prior }: EnumeratedLaw): ConditionalTable {
  const size = bins ** genes;
  const weights = prior ?? classes.map(() => 1 / classes.length);
  const mixture = Float64Array.from({ length: size }, (_, at) =>
    classes.reduce((sum, law, k) => sum + weights[k] * law[at], 0),
  );
  const laws = classes.length > 1 ? [...classes, mixture] : [mixture];
  const states = (bins + 1) ** genes;
  const logits = new Float64Array(laws.length * states * genes * bins);
  laws.forEach((law, which) => {
    const sums = visibleSums(law, genes, bins);
    for (let state = 0; state < states; state++) {
      for (let gene = 0; gene < genes; gene++) {
        const place = (bins + 1) ** (genes - 1 - gene);
        const hidden = state + (bins - (Math.floor(state / place) % (bins + 1))) * place;
        for (let bin = 0; bin < bins; bin++) {
          const p = sums[hidden - (bins - bin) * place] / sums[hidden];
          const at = ((which * states + state) * genes + gene) * bins + bin;
          logits[at] = p > 0 ? Math.log(p) : FORBIDDEN_LOGIT;
        }
      }
    }
  });
  return { genes, bins, laws: laws.length, logits };
}

/** P(visible genes of a state), for all states: sums over what is hidden, one gene at a time from the last on. */
function visibleSums(law: ArrayLike<number>, genes: number, bins: number): Float64Array {
  let sums = Float64Array.from(law);
  for (let gene = genes - 1; gene >= 0; gene--) {
    // Genes before this one still have `bins` values, those after it already bins + 1.
    const inner = (bins + 1) ** (genes - 1 - gene);
    const outer = bins ** gene;
    const next = new Float64Array(outer * (bins + 1) * inner);
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let sum = 0;
        for (let bin = 0; bin < bins; bin++) {
          const value = sums[(o * bins + bin) * inner + i];
          next[(o * (bins + 1) + bin) * inner + i] = value;
          sum += value;
        }
        next[(o * (bins + 1) + bins) * inner + i] = sum;
      }
    }
    sums = next;
  }
  return sums;
}

/** Number of a cell's state in the table. */
export function stateOf(tokens: Uint8Array, cell: number, { genes, bins }: { genes: number; bins: number }): number {
  let state = 0;
  for (let gene = 0; gene < genes; gene++) state = state * (bins + 1) + tokens[cell * genes + gene];
  return state;
}

export class TablePredictor implements Predictor {
  readonly genes: number;
  readonly bins: number;
  readonly table: ConditionalTable;

  constructor(law: EnumeratedLaw) {
    this.table = conditionalTable(law);
    this.genes = law.genes;
    this.bins = law.bins;
  }

  predict({ plan, piece, tokens, labels }: Parameters<Predictor['predict']>[0], out: Float64Array): void {
    const { genes, bins, table } = this;
    const states = (bins + 1) ** genes;
    for (let i = 0; i < piece.rows; i++) {
      const row = plan.rows[piece.firstRow + i];
      const cell = Math.floor(row / genes);
      const law = Math.min(labelOf(labels, cell) ?? table.laws, table.laws - 1);
      const at = ((law * states + stateOf(tokens, cell, this)) * genes + (row % genes)) * bins;
      out.set(table.logits.subarray(at, at + bins), i * bins);
    }
  }
}
