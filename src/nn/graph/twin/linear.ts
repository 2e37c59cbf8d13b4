/** y = x W + b in f64: ẏ = ẋW + xẆ + ḃ; W̄ = xᵀȳ, W̄′ = ẋᵀȳ + xᵀȳ′; x̄ = ȳWᵀ, x̄′ = ȳ′Wᵀ + ȳẆᵀ. */
import type { Linear } from '../graph.ts';
import { parameterOf } from '../graph.ts';
import type { Parameters, Row } from './row.ts';

/** Where weights lie: from input i to output o at `at + i · input + o · output`. */
function strides({ layout, inputs, outputs, weight }: Linear, row: Row) {
  const { at } = parameterOf(row.graph, weight);
  return layout === 'in-out' ? { at, input: outputs, output: 1 } : { at, input: 1, output: inputs };
}

/** out += x W (+ b). */
function product(op: Linear, row: Row, x: Float64Array, w: Float64Array, out: Float64Array, biased: boolean): void {
  const { inputs, outputs, bias } = op;
  const { at, input, output } = strides(op, row);
  const biasAt = biased && bias ? parameterOf(row.graph, bias).at : undefined;
  for (let t = 0; t < row.length; t++)
    for (let o = 0; o < outputs; o++) {
      let sum = biasAt === undefined ? 0 : w[biasAt + o];
      let place = at + o * output;
      for (let i = t * inputs; i < (t + 1) * inputs; i++, place += input) sum += x[i] * w[place];
      out[t * outputs + o] += sum;
    }
}

/** into += y Wᵀ. */
function turned(op: Linear, row: Row, y: Float64Array, w: Float64Array, into: Float64Array): void {
  const { inputs, outputs } = op;
  const { at, input, output } = strides(op, row);
  for (let t = 0; t < row.length; t++)
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      let place = at + i * input;
      for (let o = t * outputs; o < (t + 1) * outputs; o++, place += output) sum += y[o] * w[place];
      into[t * inputs + i] += sum;
    }
}

/** W̄ += xᵀ y, and b̄ += Σ y where `biased`. */
function outer(op: Linear, row: Row, x: Float64Array, y: Float64Array, gradient: Float64Array, biased: boolean): void {
  const { inputs, outputs, bias } = op;
  const { at, input, output } = strides(op, row);
  for (let t = 0; t < row.length; t++)
    for (let i = 0; i < inputs; i++) {
      const from = x[t * inputs + i];
      let place = at + i * input;
      for (let o = t * outputs; o < (t + 1) * outputs; o++, place += output) gradient[place] += from * y[o];
    }
  if (!biased || !bias) return;
  const biasAt = parameterOf(row.graph, bias).at;
  for (let t = 0; t < row.length; t++) for (let o = 0; o < outputs; o++) gradient[biasAt + o] += y[t * outputs + o];
}

export function linearForward(op: Linear, row: Row, { theta }: Parameters): void {
  const out = row.values.of(op.out).fill(0);
  product(op, row, row.values.of(op.x), theta, out, true);
}

export function linearTangent(op: Linear, row: Row, { theta, direction }: Parameters): void {
  const out = row.tangents.of(op.out);
  product(op, row, row.tangents.of(op.x), theta, out, false);
  if (direction) product(op, row, row.values.of(op.x), direction, out, true);
}

export function linearBackward(op: Linear, row: Row, { theta, gradient }: Parameters): void {
  const back = row.adjoints.of(op.out);
  turned(op, row, back, theta, row.adjoints.of(op.x));
  if (gradient) outer(op, row, row.values.of(op.x), back, gradient, true);
}

/** Behind `linearBackward`. */
export function linearTurn(op: Linear, row: Row, { theta, direction, gradient }: Parameters): void {
  const [back, turn, into] = [row.adjoints.of(op.out), row.turns.of(op.out), row.turns.of(op.x)];
  turned(op, row, turn, theta, into);
  if (direction) turned(op, row, back, direction, into);
  if (!gradient) return;
  outer(op, row, row.tangents.of(op.x), back, gradient, false);
  outer(op, row, row.values.of(op.x), turn, gradient, true);
}
