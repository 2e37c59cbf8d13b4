/**
 * The classifier of C2ST: d inputs, two hidden layers of h ReLU units, one logistic output, in f32 as scikit-learn trains on f32 samples.
 * Loss, gradient and initial values follow scikit-learn's `MLPClassifier` (1.2): the L2 term α/2 Σ w² is
 * divided by the size of the batch.
 */
import { type Matrix, Multiplier, rowMajor, transposed } from './matmul.ts';

const L2 = 1e-4;

/** Rows of a batch: `inputs` [maxRows, d], `labels` 0 or 1; the first `rows` count. */
export interface Batch {
  readonly inputs: Float32Array;
  readonly labels: Float32Array;
  rows: number;
}

interface Layers {
  readonly w1: Float32Array;
  readonly w2: Float32Array;
  readonly w3: Float32Array;
  readonly b1: Float32Array;
  readonly b2: Float32Array;
  readonly b3: Float32Array;
}

export class BinaryMlp {
  /** Hidden units rounded up to a multiple of 4. Units beyond `hidden` have zero weights and zero gradients, and stay so. */
  readonly width: number;
  /** W1 [d, width], W2 [width, width], w3 [width], b1 [width], b2 [width], b3. */
  readonly parameters: Float32Array;
  readonly gradient: Float32Array;
  /** What the next call computes on; the caller fills it. */
  readonly batch: Batch;
  readonly #multiplier = new Multiplier();
  readonly #layers: Layers;
  readonly #slopes: Layers;
  readonly #weightCount: number;
  readonly #w2Transposed: Float32Array;
  readonly #active1: Float32Array;
  readonly #active2: Float32Array;
  readonly #delta1: Float32Array;
  readonly #delta2: Float32Array;
  readonly #logits: Float64Array;

  constructor(
    readonly inputs: number,
    readonly hidden: number,
    maxRows: number,
  ) {
    const width = 4 * Math.ceil(hidden / 4);
    const unit = maxRows * width;
    const total = (inputs + width + 3) * width + 1;
    const [parameters, gradient, batchInputs, ...rest] = this.#multiplier.arrays([
      ...[total, total, maxRows * inputs],
      ...[width * width, unit, unit, unit, unit],
    ]);
    [this.#w2Transposed, this.#active1, this.#active2, this.#delta1, this.#delta2] = rest;
    this.width = width;
    this.parameters = parameters;
    this.gradient = gradient;
    this.batch = { inputs: batchInputs, labels: new Float32Array(maxRows), rows: 0 };
    this.#layers = cut(parameters, inputs, width);
    this.#slopes = cut(gradient, inputs, width);
    this.#weightCount = (inputs + width + 1) * width;
    this.#logits = new Float64Array(maxRows);
  }

  /** Weights and biases uniform within √(6/(inputs + outputs)) of 0, layer by layer, weights before biases (Glorot & Bengio 2010). */
  initialize(uniform: () => number): void {
    const { inputs, hidden, width } = this;
    const { w1, w2, w3, b1, b2, b3 } = this.#layers;
    const layer = (weights: Matrix, biases: Float32Array, fanIn: number, fanOut: number) => {
      const bound = Math.sqrt(6 / (fanIn + fanOut));
      for (let i = 0; i < fanIn; i++) {
        for (let j = 0; j < fanOut; j++) weights.values[i * weights.rowStride + j] = bound * (2 * uniform() - 1);
      }
      for (let j = 0; j < fanOut; j++) biases[j] = bound * (2 * uniform() - 1);
    };
    layer(rowMajor(w1, width), b1, inputs, hidden);
    layer(rowMajor(w2, width), b2, hidden, hidden);
    layer(rowMajor(w3, 1), b3, hidden, 1);
  }

  /** Log odds of label 1 for every row of the batch, in an array that the next call overwrites. */
  logits(): Float64Array {
    const { inputs, width, batch } = this;
    const { w1, w2, w3, b1, b2, b3 } = this.#layers;
    const { rows } = batch;
    this.#multiplier.multiply(rows, width, inputs, rowMajor(batch.inputs, inputs), w1, this.#active1);
    rectify(this.#active1, b1, rows);
    this.#multiplier.multiply(rows, width, width, rowMajor(this.#active1, width), w2, this.#active2);
    rectify(this.#active2, b2, rows);
    const active = this.#active2;
    for (let row = 0, at = 0; row < rows; row++) {
      let sum = b3[0];
      for (let j = 0; j < width; j++, at++) sum += active[at] * w3[j];
      this.#logits[row] = sum;
    }
    return this.#logits;
  }

  /** Fills `gradient`. @returns the mean log loss of the batch plus its L2 term. */
  lossAndGradient(): number {
    const { inputs, width, parameters, gradient, batch } = this;
    const { rows } = batch;
    const loss = this.#outputLayer();
    const { w1, b1, w2, b2 } = this.#slopes;
    transpose(this.#layers.w2, width, this.#w2Transposed);
    this.#multiplier.multiply(rows, width, width, rowMajor(this.#delta2, width), this.#w2Transposed, this.#delta1);
    for (let at = 0; at < rows * width; at++) if (this.#active1[at] === 0) this.#delta1[at] = 0;
    this.#multiplier.multiply(width, width, rows, transposed(rowMajor(this.#active1, width)), this.#delta2, w2);
    this.#multiplier.multiply(inputs, width, rows, transposed(rowMajor(batch.inputs, inputs)), this.#delta1, w1);
    sumRows(this.#delta1, rows, b1);
    sumRows(this.#delta2, rows, b2);
    let squares = 0;
    for (let i = 0; i < this.#weightCount; i++) {
      squares += parameters[i] * parameters[i];
      gradient[i] += L2 * parameters[i];
    }
    for (let i = 0; i < gradient.length; i++) gradient[i] /= rows;
    return (loss + 0.5 * L2 * squares) / rows;
  }

  /** Summed log loss; fills the slopes of w3 and b3, and the second layer's deltas. */
  #outputLayer(): number {
    const { width, batch } = this;
    const { w3 } = this.#layers;
    const slopes = this.#slopes;
    const logits = this.logits();
    const active = this.#active2;
    const delta = this.#delta2;
    slopes.w3.fill(0);
    slopes.b3[0] = 0;
    let loss = 0;
    for (let row = 0, at = 0; row < batch.rows; row++) {
      const z = logits[row];
      const label = batch.labels[row];
      const decay = Math.exp(-Math.abs(z));
      // −y log p − (1 − y) log(1 − p) without overflow
      loss += Math.max(z, 0) - label * z + Math.log1p(decay);
      const error = (z >= 0 ? 1 / (1 + decay) : decay / (1 + decay)) - label;
      slopes.b3[0] += error;
      for (let j = 0; j < width; j++, at++) {
        slopes.w3[j] += error * active[at];
        delta[at] = active[at] > 0 ? error * w3[j] : 0;
      }
    }
    return loss;
  }
}

function cut(whole: Float32Array, inputs: number, width: number): Layers {
  let end = 0;
  const [w1, w2, w3, b1, b2, b3] = [inputs * width, width * width, width, width, width, 1].map((size) => {
    end += size;
    return whole.subarray(end - size, end);
  });
  return { w1, w2, w3, b1, b2, b3 };
}

/** max(0, values + bias), in place. */
function rectify(values: Float32Array, bias: Float32Array, rows: number): void {
  for (let row = 0, at = 0; row < rows; row++) {
    for (let j = 0; j < bias.length; j++, at++) {
      const value = values[at] + bias[j];
      values[at] = Math.max(0, value);
    }
  }
}

function sumRows(values: Float32Array, rows: number, out: Float32Array): void {
  out.fill(0);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let j = 0; j < out.length; j++, at++) out[j] += values[at];
  }
}

function transpose(values: Float32Array, size: number, out: Float32Array): void {
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) out[j * size + i] = values[i * size + j];
}
