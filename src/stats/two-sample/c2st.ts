/**
 * Classifier two-sample test (Lopez-Paz & Oquab 2017) as sbibm defines it (`sbibm/metrics/c2st.py`; Lueckmann et al. 2021): accuracy of
 * scikit-learn's default MLP with two hidden layers of 10 d units in 5-fold cross-validation; 0.5 is perfect, 1 is told apart always.
 * Both samples are scaled by mean and standard deviation (n − 1) of the reference. Random numbers are Threefry's, so values agree with
 * scikit-learn's in distribution: the standard error is about √(¼/points), 0.0035 for 10,000 against 10,000.
 */
import { StatsInputError } from '../errors.ts';
import { BinaryMlp } from './binary-mlp.ts';
import { BATCH_ROWS, type FitResult, fillBatch, fitMlp, type LabelledPoints } from './fit-mlp.ts';
import { countPoints, type Points, requireSameDim } from './points.ts';
import { RandomWords } from './random-words.ts';
import { finish, type Steps } from './steps.ts';

export const FOLDS = 5;
const UNITS_PER_DIM = 10;
/** Streams of random words: 0 orders the folds and halves, 1 + fold belongs to a fold. */
const SPLIT_STREAM = 0;

export interface C2stProgress {
  readonly fold: number;
  readonly folds: number;
  readonly epoch: number;
  /** Mean training loss; ln 2 = 0.693 where nothing is learnt. */
  readonly loss: number;
}

export interface C2stFold {
  /** Share of the fold's held-out points that are told rightly. */
  readonly accuracy: number;
  readonly epochs: number;
  /** False where 10,000 epochs came before the loss stopped falling. */
  readonly converged: boolean;
}

export interface C2stResult {
  /** Mean of the folds' accuracies. */
  readonly accuracy: number;
  readonly folds: readonly C2stFold[];
}

/** C2ST of `sample` against `reference`, one epoch a step. Same seed, same value. @throws StatsInputError */
export function* c2stSteps(reference: Points, sample: Points, seed: number): Steps<C2stProgress, C2stResult> {
  const folds: C2stFold[] = [];
  for (let fold = 0; fold < FOLDS; fold++) folds.push(yield* c2stFoldSteps(reference, sample, seed, fold));
  return { accuracy: folds.reduce((sum, { accuracy }) => sum + accuracy, 0) / FOLDS, folds };
}

/** `c2stSteps` without a pause. */
export function c2st(reference: Points, sample: Points, seed: number): C2stResult {
  return finish(c2stSteps(reference, sample, seed));
}

/** One fold of `c2stSteps` alone: folds share nothing, so that several workers can take one each. */
export function* c2stFoldSteps(
  reference: Points,
  sample: Points,
  seed: number,
  fold: number,
): Steps<C2stProgress, C2stFold> {
  if (!Number.isInteger(fold) || fold < 0 || fold >= FOLDS) {
    throw new StatsInputError(`fold must be an integer from 0 to ${FOLDS - 1}, got ${fold}`);
  }
  const data = scaledByReference(reference, sample);
  const { training, heldOut } = splitFold(data.labels.length, seed, fold);
  const words = new RandomWords(seed, 1 + fold);
  const net = new BinaryMlp(data.dim, UNITS_PER_DIM * data.dim, BATCH_ROWS);
  net.initialize(() => words.uniform());
  const fit = fitMlp(net, data, training, (indices) => words.shuffle(indices));
  let result: FitResult;
  for (;;) {
    const step = fit.next();
    if (step.done) {
      result = step.value;
      break;
    }
    yield { fold, folds: FOLDS, ...step.value };
  }
  return { accuracy: accuracyOf(net, data, heldOut), epochs: result.losses.length, converged: result.converged };
}

/**
 * The noise floor: C2ST of one random half of a sample against the other half. Where a second draw of the reference can be had, compare
 * that instead: it has the size of the comparison it controls.
 */
export function c2stSelfControlSteps(reference: Points, seed: number): Steps<C2stProgress, C2stResult> {
  const n = countPoints(reference, 'reference', 2);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  new RandomWords(seed, SPLIT_STREAM).shuffle(order);
  const { dim, values } = reference;
  const pick = (indices: Uint32Array): Points => {
    const out = new Float64Array(indices.length * dim);
    for (let i = 0; i < out.length; i++) out[i] = values[indices[Math.floor(i / dim)] * dim + (i % dim)];
    return { values: out, dim };
  };
  const half = n >> 1;
  return c2stSteps(pick(order.subarray(0, half)), pick(order.subarray(half, 2 * half)), seed);
}

/** Both samples one after the other, in units of the reference's spread; labels 0 and 1. */
export function scaledByReference(reference: Points, sample: Points): LabelledPoints {
  requireSameDim(reference, sample);
  const n = countPoints(reference, 'reference', 2);
  const m = countPoints(sample, 'sample', 2);
  if (n + m < FOLDS) throw new StatsInputError(`${n + m} points do not make ${FOLDS} folds; pass more points`);
  const { dim } = reference;
  const values = new Float64Array((n + m) * dim);
  for (let axis = 0; axis < dim; axis++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += reference.values[i * dim + axis];
    const mean = sum / n;
    let squares = 0;
    for (let i = 0; i < n; i++) squares += (reference.values[i * dim + axis] - mean) ** 2;
    const sd = Math.sqrt(squares / (n - 1));
    if (!(sd > 0)) {
      throw new StatsInputError(`value ${axis} is the same in every point of the reference; leave this dimension out`);
    }
    for (let i = 0; i < n; i++) values[i * dim + axis] = (reference.values[i * dim + axis] - mean) / sd;
    for (let i = 0; i < m; i++) values[(n + i) * dim + axis] = (sample.values[i * dim + axis] - mean) / sd;
  }
  const labels = new Float64Array(n + m).fill(1, n);
  return { values, dim, labels };
}

/** `KFold(5, shuffle=True)`: one random order of all points for all folds, cut into five; the first n mod 5 folds hold one more. */
function splitFold(n: number, seed: number, fold: number): { training: Uint32Array; heldOut: Uint32Array } {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  new RandomWords(seed, SPLIT_STREAM).shuffle(order);
  const size = Math.floor(n / FOLDS);
  const from = fold * size + Math.min(fold, n % FOLDS);
  const to = from + size + (fold < n % FOLDS ? 1 : 0);
  const training = new Uint32Array(n - (to - from));
  training.set(order.subarray(0, from));
  training.set(order.subarray(to), from);
  return { training, heldOut: order.slice(from, to) };
}

function accuracyOf(net: BinaryMlp, data: LabelledPoints, indices: Uint32Array): number {
  const { batch } = net;
  let right = 0;
  for (let from = 0; from < indices.length; from += BATCH_ROWS) {
    fillBatch(net, data, indices, from, Math.min(from + BATCH_ROWS, indices.length));
    const logits = net.logits();
    for (let row = 0; row < batch.rows; row++) if (logits[row] > 0 === (batch.labels[row] === 1)) right++;
  }
  return right / indices.length;
}
