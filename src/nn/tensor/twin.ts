/** Operations on rows of activations, forward and backward, in f64: twins of the kernels in `shaders/nn/tensor/`. Matrices are row-major. */

export type Values = ArrayLike<number>;

/** y[r][n] = Σ_k x[r][k] w[k][n] + b[n]. */
export function linear(x: Values, w: Values, b: Values | undefined, rows: number, k: number, n: number): Float64Array {
  const y = new Float64Array(rows * n);
  for (let r = 0; r < rows; r++) {
    if (b) for (let j = 0; j < n; j++) y[r * n + j] = b[j];
    for (let i = 0; i < k; i++) {
      const value = x[r * k + i];
      for (let j = 0; j < n; j++) y[r * n + j] += value * w[i * n + j];
    }
  }
  return y;
}

/** [columns][rows] of a matrix [rows][columns]. */
export function transposed(values: Values, rows: number, columns: number): Float64Array {
  const turned = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) turned[c * rows + r] = values[r * columns + c];
  return turned;
}

/** dX = dY Wᵀ. */
export function linearInputs(dy: Values, w: Values, rows: number, k: number, n: number): Float64Array {
  return linear(dy, transposed(w, k, n), undefined, rows, n, k);
}

/** dW = Xᵀ dY and db = Σ_r dY. */
export function linearWeights(x: Values, dy: Values, rows: number, k: number, n: number): [Float64Array, Float64Array] {
  const dw = linear(transposed(x, rows, k), dy, undefined, k, rows, n);
  const db = new Float64Array(n);
  for (let r = 0; r < rows; r++) for (let j = 0; j < n; j++) db[j] += dy[r * n + j];
  return [dw, db];
}

/** Mean of each row and 1/√(variance + ε). */
export function rowStatistics(x: Values, rows: number, width: number, epsilon: number): Float64Array {
  const statistics = new Float64Array(2 * rows);
  for (let r = 0; r < rows; r++) {
    let mean = 0;
    for (let j = 0; j < width; j++) mean += x[r * width + j] / width;
    let variance = 0;
    for (let j = 0; j < width; j++) variance += (x[r * width + j] - mean) ** 2 / width;
    statistics[2 * r] = mean;
    statistics[2 * r + 1] = 1 / Math.sqrt(variance + epsilon);
  }
  return statistics;
}

/** Where a cell's shift, scale and gate begin in its row of modulations; `unit` is added to the scale. */
export interface Modulation {
  /** [cells][stride]. */
  readonly values: Values;
  readonly stride: number;
  readonly shift: number;
  readonly scale: number;
  readonly unit: 0 | 1;
}

/** h = (unit + scale) · (x − mean)/sd + shift; scale and shift of the row's cell. */
export function modulated(x: Values, statistics: Values, m: Modulation, genes: number, width: number): Float64Array {
  return Float64Array.from(x as ArrayLike<number>, (value, i) => {
    const [row, j] = [Math.floor(i / width), i % width];
    const at = Math.floor(row / genes) * m.stride + j;
    const normal = (value - statistics[2 * row]) * statistics[2 * row + 1];
    return (m.unit + m.values[at + m.scale]) * normal + m.values[at + m.shift];
  });
}

/** Adds the slopes by shift and scale of every cell to `dm`, laid out as the modulations; returns dx. */
export function modulatedBackward(
  dh: Values,
  x: Values,
  statistics: Values,
  m: Modulation,
  dm: Float64Array,
  genes: number,
  width: number,
): Float64Array {
  const dx = new Float64Array(x.length);
  for (let row = 0; row < x.length / width; row++) {
    const [mean, inverse] = [statistics[2 * row], statistics[2 * row + 1]];
    const cell = Math.floor(row / genes) * m.stride;
    let [sum, product] = [0, 0];
    for (let j = 0; j < width; j++) {
      const i = row * width + j;
      const normal = (x[i] - mean) * inverse;
      const slope = dh[i] * (m.unit + m.values[cell + m.scale + j]);
      dm[cell + m.shift + j] += dh[i];
      dm[cell + m.scale + j] += dh[i] * normal;
      sum += slope / width;
      product += (slope * normal) / width;
    }
    for (let j = 0; j < width; j++) {
      const i = row * width + j;
      const normal = (x[i] - mean) * inverse;
      dx[i] = inverse * (dh[i] * (m.unit + m.values[cell + m.scale + j]) - sum - normal * product);
    }
  }
  return dx;
}

/** Loss and slopes of rows of logits. */
export interface CrossEntropy {
  /** Σ_r weight_r (log Σ exp logits_r − logits_r[target_r]). */
  readonly loss: number;
  /** [rows][columns]. */
  readonly slopes: Float64Array;
}

export function crossEntropy(logits: Values, targets: Values, weights: Values, columns: number): CrossEntropy {
  const rows = targets.length;
  const slopes = new Float64Array(rows * columns);
  let loss = 0;
  for (let r = 0; r < rows; r++) {
    const row = Array.from({ length: columns }, (_, v) => logits[r * columns + v]);
    const most = Math.max(...row);
    const sum = row.reduce((total, logit) => total + Math.exp(logit - most), 0);
    loss += weights[r] * (most + Math.log(sum) - row[targets[r]]);
    for (let v = 0; v < columns; v++)
      slopes[r * columns + v] = weights[r] * (Math.exp(row[v] - most) / sum - (v === targets[r] ? 1 : 0));
  }
  return { loss, slopes };
}
