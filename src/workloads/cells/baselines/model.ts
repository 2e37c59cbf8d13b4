/**
 * Mixtures of independent genes, p(x) = Σ_k π_k Π_i p_ki(x_i): what a network has to beat, and a predictor whose conditionals are
 * exact. One component: independent marginals. A component a label: the label mixture.
 */

export interface MixtureModel {
  /** Components. */
  readonly classes: number;
  readonly genes: number;
  /** V, without the mask. */
  readonly bins: number;
  /** ln π_k, [classes]. */
  readonly logPrior: Float64Array<ArrayBuffer>;
  /** ln p_ki(v), [classes][genes][bins]. */
  readonly logProb: Float64Array<ArrayBuffer>;
}

/** Rows of tokens of which a model learns or says something. */
export interface TokenRows {
  readonly genes: number;
  /** V; a token V is masked: unknown. */
  readonly bins: number;
  /** [cells][genes]. */
  readonly tokens: Uint8Array;
}

/** ln Σ exp of the first n. */
export function logSumExp(values: ArrayLike<number>, n = values.length): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) largest = Math.max(largest, values[i]);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.exp(values[i] - largest);
  return largest + Math.log(sum);
}

/** ln π_k Π p_ki(x_i) over the visible genes of a row, for every class. @param into [classes] */
export function logJoints(model: MixtureModel, tokens: Uint8Array, row: number, into: Float64Array): void {
  const { genes, bins, classes } = model;
  for (let k = 0; k < classes; k++) {
    let sum = model.logPrior[k];
    const table = k * genes * bins;
    for (let i = 0; i < genes; i++) {
      const token = tokens[row * genes + i];
      if (token < bins) sum += model.logProb[table + i * bins + token];
    }
    into[k] = sum;
  }
}

/** Mean −ln p(x) a gene over the rows of `cells`, nats. Exact: nothing of it is a bound. */
export function negativeLogLikelihood(model: MixtureModel, tokens: Uint8Array, cells: ArrayLike<number>): number {
  const joints = new Float64Array(model.classes);
  let sum = 0;
  for (let i = 0; i < cells.length; i++) {
    logJoints(model, tokens, cells[i], joints);
    sum -= logSumExp(joints);
  }
  return sum / (cells.length * model.genes);
}

/** p(x_i = v | visible genes) of one gene of one row. @param joints from `logJoints` @param into [bins] */
export function conditional(model: MixtureModel, joints: Float64Array, gene: number, into: Float64Array): void {
  const total = logSumExp(joints);
  into.fill(0);
  for (let k = 0; k < model.classes; k++) {
    const weight = Math.exp(joints[k] - total);
    const at = (k * model.genes + gene) * model.bins;
    for (let v = 0; v < model.bins; v++) into[v] += weight * Math.exp(model.logProb[at + v]);
  }
}
