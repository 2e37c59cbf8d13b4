/** Mixtures of independent genes fitted to tokens: one component, one a label, or K found by expectation and maximisation. */
import { shuffled } from '../data/split.ts';
import { logSumExp, type MixtureModel, type TokenRows } from './model.ts';

/** Before the data a component has seen this many cells like all training cells together: a Dirichlet prior around the marginals. */
export const PRIOR_CELLS = 8;
/** Before the data every bin of every gene was seen half a time among all training cells (Jeffreys). */
export const PRIOR_BIN = 0.5;
/** Before the data every component was seen once (Laplace). */
export const PRIOR_COMPONENT = 1;
/** Components of the mixture that a network is measured against. */
export const REFERENCE_CLASSES = 12;
const MOST_ITERATIONS = 100;
/** Nats a gene by which an iteration has to improve the training cells. */
const IMPROVES = 1e-6;

/** What these random numbers are for: the upper counter word. */
const PURPOSE = 0x3317_0000;

/** Independent marginals. @param cells the training cells */
export function fitIndependent(data: TokenRows, cells: ArrayLike<number>): MixtureModel {
  return modelOf(data, cells, new Float64Array(cells.length).fill(1), 1);
}

/**
 * A component a label.
 * @param codes label of every cell of the data; cells of a code from `labels` on have none and are left out
 */
export function fitLabels(
  data: TokenRows,
  cells: ArrayLike<number>,
  codes: ArrayLike<number>,
  labels: number,
): MixtureModel {
  const known = Array.from(cells).filter((cell) => codes[cell] < labels);
  const weights = new Float64Array(known.length * labels);
  known.forEach((cell, i) => {
    weights[i * labels + codes[cell]] = 1;
  });
  return modelOf(data, known, weights, labels);
}

/**
 * K components by expectation and maximisation, equal for equal seeds. It begins with every cell in the component of the one of K
 * random cells that it shares most tokens with.
 */
export function fitMixture(data: TokenRows, cells: ArrayLike<number>, options: MixtureOptions): MixtureModel {
  const iterations = mixtureIterations(data, cells, options);
  for (;;) {
    const { done, value } = iterations.next();
    if (done) return value;
  }
}

/** The same with other work between iterations: a second and more each for many genes and cells. */
export async function fitMixtureInTurns(
  data: TokenRows,
  cells: ArrayLike<number>,
  options: MixtureOptions,
  pause: () => Promise<void>,
): Promise<MixtureModel> {
  const iterations = mixtureIterations(data, cells, options);
  for (;;) {
    const { done, value } = iterations.next();
    if (done) return value;
    await pause();
  }
}

export interface MixtureOptions {
  /** Components. @default 12 */
  readonly classes?: number;
  /** A whole number from 0 to 2^53 − 1. */
  readonly seed: number;
}

function* mixtureIterations(
  data: TokenRows,
  cells: ArrayLike<number>,
  { classes = REFERENCE_CLASSES, seed }: MixtureOptions,
): Generator<void, MixtureModel> {
  const weights = nearestOf(data, cells, classes, seed);
  let model = modelOf(data, cells, weights, classes);
  let before = Number.POSITIVE_INFINITY;
  for (let i = 0; i < MOST_ITERATIONS; i++) {
    yield;
    const now = expect(model, data, cells, weights);
    if (before - now < IMPROVES) break;
    before = now;
    model = modelOf(data, cells, weights, classes);
  }
  return model;
}

/** Weights [cells][classes], one of each row 1. */
function nearestOf({ genes, tokens }: TokenRows, cells: ArrayLike<number>, classes: number, seed: number) {
  const centres = shuffled(cells.length, seed, PURPOSE).subarray(0, classes);
  const weights = new Float64Array(cells.length * classes);
  for (let i = 0; i < cells.length; i++) {
    let best = 0;
    let most = -1;
    centres.forEach((centre, k) => {
      let shared = 0;
      const [a, b] = [cells[i] * genes, cells[centre] * genes];
      for (let gene = 0; gene < genes; gene++) if (tokens[a + gene] === tokens[b + gene]) shared++;
      if (shared > most) [best, most] = [k, shared];
    });
    weights[i * classes + best] = 1;
  }
  return weights;
}

/** Weights become p(component | cell). @returns mean −ln p(x) a gene */
function expect(
  model: MixtureModel,
  { genes, bins, tokens }: TokenRows,
  cells: ArrayLike<number>,
  weights: Float64Array,
) {
  const { classes } = model;
  const byToken = classesInside(model);
  const joints = new Float64Array(classes);
  let sum = 0;
  for (let i = 0; i < cells.length; i++) {
    joints.set(model.logPrior);
    for (let gene = 0; gene < genes; gene++) {
      const at = (gene * bins + tokens[cells[i] * genes + gene]) * classes;
      for (let k = 0; k < classes; k++) joints[k] += byToken[at + k];
    }
    const total = logSumExp(joints);
    sum -= total;
    for (let k = 0; k < classes; k++) weights[i * classes + k] = Math.exp(joints[k] - total);
  }
  return sum / (cells.length * genes);
}

/** The tables as [genes][bins][classes], as they are read in a row. */
function classesInside({ classes, genes, bins, logProb }: MixtureModel): Float64Array {
  const size = genes * bins;
  const table = new Float64Array(size * classes);
  for (let k = 0; k < classes; k++) for (let at = 0; at < size; at++) table[at * classes + k] = logProb[k * size + at];
  return table;
}

/** The smoothed tables of weighted cells. @param weights [cells][classes] */
function modelOf(
  { genes, bins, tokens }: TokenRows,
  cells: ArrayLike<number>,
  weights: Float64Array,
  classes: number,
): MixtureModel {
  const size = genes * bins;
  const seen = new Float64Array(size * classes);
  const mass = new Float64Array(classes);
  for (let i = 0; i < cells.length; i++) {
    const row = weights.subarray(i * classes, (i + 1) * classes);
    for (let k = 0; k < classes; k++) mass[k] += row[k];
    for (let gene = 0; gene < genes; gene++) {
      const at = (gene * bins + tokens[cells[i] * genes + gene]) * classes;
      for (let k = 0; k < classes; k++) seen[at + k] += row[k];
    }
  }
  const all = mass.reduce((sum, value) => sum + value, 0);
  const logProb = new Float64Array(classes * size);
  for (let at = 0; at < size; at++) {
    let pooled = PRIOR_BIN;
    for (let k = 0; k < classes; k++) pooled += seen[at * classes + k];
    const marginal = pooled / (all + PRIOR_BIN * bins);
    for (let k = 0; k < classes; k++) {
      const prior = classes === 1 ? PRIOR_BIN : PRIOR_CELLS * marginal;
      const total = mass[k] + (classes === 1 ? PRIOR_BIN * bins : PRIOR_CELLS);
      logProb[k * size + at] = Math.log((seen[at * classes + k] + prior) / total);
    }
  }
  const logPrior = mass.map((value) => Math.log((value + PRIOR_COMPONENT) / (all + PRIOR_COMPONENT * classes)));
  return { classes, genes, bins, logPrior, logProb };
}
