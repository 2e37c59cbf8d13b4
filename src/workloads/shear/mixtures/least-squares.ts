/** Dense nonlinear least squares for a few dozen parameters: Levenberg–Marquardt on a QR decomposition. */

/** Fills the residual (rows) and the Jacobian (rows × parameters, row-major) at a point. */
export type ResidualFunction = (parameters: Float64Array, residual: Float64Array, jacobian: Float64Array) => void;

/**
 * Minimises ½|r|² from `start` (Nielsen's damping, Marquardt's scaling). Steps solve [J; √λ D] δ = [−r; 0] by Householder
 * reflections: normal equations would square a condition number that already reaches 1e7 for eight Gaussians.
 * Stops after `iterations`, or when a step gains less than 1e-14 of the cost.
 */
export function levenbergMarquardt(
  start: Float64Array,
  rows: number,
  evaluate: ResidualFunction,
  iterations: number,
): Float64Array {
  const n = start.length;
  let point = Float64Array.from(start);
  let residual = new Float64Array(rows);
  let jacobian = new Float64Array(rows * n);
  let trialResidual = new Float64Array(rows);
  let trialJacobian = new Float64Array(rows * n);
  const scale = new Float64Array(n);
  const reduced = new Float64Array(n * n);
  const rotated = new Float64Array(n);
  evaluate(point, residual, jacobian);
  let cost = squaredNorm(residual);
  let lambda = 1e-2;
  let growth = 2;
  let stalled = 0;
  let fresh = true;
  for (let iteration = 0; iteration < iterations && stalled < 8; iteration++) {
    if (fresh) triangularise(jacobian, residual, rows, n, reduced, rotated);
    for (let j = 0; j < n; j++) {
      let column = 0;
      for (let i = 0; i <= j; i++) column += reduced[i * n + j] ** 2;
      scale[j] = Math.max(scale[j], Math.sqrt(column), 1e-12);
    }
    const step = dampedStep(reduced, rotated, scale, lambda, n);
    const trial = point.map((p, j) => p + Math.max(-1, Math.min(1, step[j])));
    evaluate(trial, trialResidual, trialJacobian);
    const trialCost = squaredNorm(trialResidual);
    fresh = trialCost < cost;
    if (fresh) {
      stalled = cost - trialCost < 1e-14 * cost ? stalled + 1 : 0;
      point = trial;
      cost = trialCost;
      [residual, trialResidual] = [trialResidual, residual];
      [jacobian, trialJacobian] = [trialJacobian, jacobian];
      lambda = Math.max(1e-18, lambda / 5);
      growth = 2;
    } else {
      lambda *= growth;
      growth = Math.min(64, 2 * growth);
      if (lambda > 1e12) break;
    }
  }
  return point;
}

function squaredNorm(vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i] * vector[i];
  return Number.isFinite(sum) ? sum : Number.POSITIVE_INFINITY;
}

/** R (n × n, upper) and Qᵀr (n) of J = QR. */
function triangularise(
  jacobian: Float64Array,
  residual: Float64Array,
  rows: number,
  n: number,
  upper: Float64Array,
  rotated: Float64Array,
): void {
  const work = new Float64Array(rows * (n + 1));
  for (let j = 0; j < n; j++) for (let i = 0; i < rows; i++) work[j * rows + i] = jacobian[i * n + j];
  work.set(residual, n * rows);
  householder(work, rows, n);
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) upper[i * n + j] = i <= j ? work[j * rows + i] : 0;
  for (let i = 0; i < n; i++) rotated[i] = work[n * rows + i];
}

/** Householder QR in place of a column-major matrix with n columns and one right-hand side behind them. */
function householder(work: Float64Array, rows: number, n: number): void {
  for (let j = 0; j < n; j++) {
    const column = j * rows;
    let norm = 0;
    for (let i = j; i < rows; i++) norm += work[column + i] ** 2;
    norm = Math.sqrt(norm);
    if (norm === 0) continue;
    const alpha = work[column + j] > 0 ? -norm : norm;
    const head = work[column + j] - alpha;
    const beta = -1 / (alpha * head);
    for (let k = j + 1; k <= n; k++) {
      const other = k * rows;
      let dot = head * work[other + j];
      for (let i = j + 1; i < rows; i++) dot += work[column + i] * work[other + i];
      dot *= beta;
      work[other + j] -= dot * head;
      for (let i = j + 1; i < rows; i++) work[other + i] -= dot * work[column + i];
    }
    work[column + j] = alpha;
  }
}

/** Solves [R; √λ D] δ = [−Qᵀr; 0]. */
function dampedStep(
  upper: Float64Array,
  rotated: Float64Array,
  scale: Float64Array,
  lambda: number,
  n: number,
): Float64Array {
  const rows = 2 * n;
  const work = new Float64Array(rows * (n + 1));
  const root = Math.sqrt(lambda);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i <= j; i++) work[j * rows + i] = upper[i * n + j];
    work[j * rows + n + j] = root * scale[j];
    work[n * rows + j] = -rotated[j];
  }
  householder(work, rows, n);
  const step = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let sum = work[n * rows + i];
    for (let j = i + 1; j < n; j++) sum -= work[j * rows + i] * step[j];
    const pivot = work[i * rows + i];
    step[i] = pivot === 0 ? 0 : sum / pivot;
  }
  return step;
}
