/**
 * A predictor that is exact at any number of genes: the mixture p(x) = Σ_k π_k Π_i p_ki(x_i), whose conditionals are the table averaged over
 * the posterior of the class. Twin of `shaders/cells/mixture_posterior.wgsl` and `shaders/cells/mixture_logits.wgsl`.
 */
import { FORBIDDEN_LOGIT, labelOf, type Predictor } from './predictor.ts';

export interface MixtureTables {
  readonly genes: number;
  readonly bins: number;
  readonly classes: number;
  /** [class] log π_k. */
  readonly logPrior: ArrayLike<number>;
  /** [class][gene][bin] log p_ki(v). */
  readonly logProb: ArrayLike<number>;
}

/** Tables as they are used: normalised in f64, zeros at FORBIDDEN_LOGIT. */
export interface NormalisedMixture extends MixtureTables {
  readonly logPrior: Float64Array;
  readonly logProb: Float64Array;
}

export function normaliseMixture(tables: MixtureTables): NormalisedMixture {
  const { classes, genes, bins } = tables;
  const logProb = Float64Array.from(tables.logProb);
  for (let row = 0; row < classes * genes; row++) normaliseLogs(logProb.subarray(row * bins, (row + 1) * bins));
  return { classes, genes, bins, logPrior: normaliseLogs(Float64Array.from(tables.logPrior)), logProb };
}

/** Takes log Σ exp off, in place. */
function normaliseLogs(logs: Float64Array): Float64Array {
  const largest = Math.max(...logs);
  let sum = 0;
  for (const value of logs) sum += Math.exp(value - largest);
  const shift = largest + Math.log(sum);
  for (let i = 0; i < logs.length; i++) logs[i] = Math.max(logs[i] - shift, FORBIDDEN_LOGIT);
  return logs;
}

export class MixturePredictor implements Predictor {
  readonly genes: number;
  readonly bins: number;
  readonly tables: NormalisedMixture;

  constructor(tables: MixtureTables) {
    this.tables = normaliseMixture(tables);
    this.genes = tables.genes;
    this.bins = tables.bins;
  }

  predict({ plan, piece, tokens, labels }: Parameters<Predictor['predict']>[0], out: Float64Array): void {
    const { genes, bins } = this;
    const { classes, logProb } = this.tables;
    let weights: Float64Array = new Float64Array(classes);
    let before = -1;
    for (let i = 0; i < piece.rows; i++) {
      const row = plan.rows[piece.firstRow + i];
      const cell = Math.floor(row / genes);
      if (cell !== before) weights = this.classWeights(tokens, cell, labelOf(labels, cell));
      before = cell;
      for (let bin = 0; bin < bins; bin++) {
        let p = 0;
        for (let k = 0; k < classes; k++) p += weights[k] * Math.exp(logProb[(k * genes + (row % genes)) * bins + bin]);
        out[i * bins + bin] = p > 0 ? Math.log(p) : FORBIDDEN_LOGIT;
      }
    }
  }

  /** P(class | visible genes) of a cell; its label alone where it has one. */
  classWeights(tokens: Uint8Array, cell: number, label: number | undefined): Float64Array {
    const { genes, bins } = this;
    const { classes, logPrior, logProb } = this.tables;
    const weights = new Float64Array(classes);
    if (label !== undefined && label < classes) {
      weights[label] = 1;
      return weights;
    }
    for (let k = 0; k < classes; k++) {
      let sum = logPrior[k];
      for (let gene = 0; gene < genes; gene++) {
        const token = tokens[cell * genes + gene];
        if (token < bins) sum += logProb[(k * genes + gene) * bins + token];
      }
      weights[k] = sum;
    }
    const largest = Math.max(...weights);
    let total = 0;
    for (let k = 0; k < classes; k++) {
      weights[k] = Math.exp(weights[k] - largest);
      total += weights[k];
    }
    return weights.map((weight) => weight / total);
  }
}
