/**
 * LayerNorm and RMSNorm in f64, with u = (x − μ)/s, s² = mean (x − μ)² + ε, y = γu + β; without μ for RMSNorm.
 * ṡ = mean uẋ, u̇ = (ẋ − mean ẋ − uṡ)/s; with g = γȳ: x̄ = (g − mean g − u mean gu)/s, and with g′ = γȳ′ + γ̇ȳ
 * x̄′ = (g′ − mean g′ − u̇ mean gu − u mean(g′u + gu̇))/s − x̄ṡ/s; γ̄ = Σȳu, γ̄′ = Σ(ȳ′u + ȳu̇).
 */
import type { Norm } from '../graph.ts';
import { parameterOf } from '../graph.ts';
import type { Parameters, Row } from './row.ts';

interface Place {
  readonly width: number;
  readonly centred: boolean;
  readonly weight: number;
  readonly bias: number | undefined;
}

function placesOf(op: Norm, row: Row): Place {
  return {
    width: row.width(op.x),
    centred: op.norm === 'layer',
    weight: parameterOf(row.graph, op.weight).at,
    bias: op.bias === undefined ? undefined : parameterOf(row.graph, op.bias).at,
  };
}

const mean = (numbers: Float64Array) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
const meanProduct = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i], 0) / a.length;

/** u and s of a position. */
function normed(x: Float64Array, centred: boolean, epsilon: number): { u: Float64Array; s: number } {
  const shift = centred ? mean(x) : 0;
  const centredX = x.map((value) => value - shift);
  const s = Math.sqrt(meanProduct(centredX, centredX) + epsilon);
  return { u: centredX.map((value) => value / s), s };
}

/** ṡ and u̇. */
function moved(dx: Float64Array, u: Float64Array, s: number, centred: boolean): { du: Float64Array; ds: number } {
  const ds = meanProduct(u, dx);
  const shift = centred ? mean(dx) : 0;
  return { ds, du: dx.map((value, i) => (value - shift - u[i] * ds) / s) };
}

const at = (numbers: Float64Array, t: number, width: number) => numbers.subarray(t * width, (t + 1) * width);

export function normForward(op: Norm, row: Row, { theta }: Parameters): void {
  const { width, centred, weight, bias } = placesOf(op, row);
  const [x, out] = [row.values.of(op.x), row.values.of(op.out)];
  for (let t = 0; t < row.length; t++) {
    const { u } = normed(at(x, t, width), centred, op.epsilon);
    for (let i = 0; i < width; i++)
      out[t * width + i] = theta[weight + i] * u[i] + (bias === undefined ? 0 : theta[bias + i]);
  }
}

export function normTangent(op: Norm, row: Row, { theta, direction }: Parameters): void {
  const { width, centred, weight, bias } = placesOf(op, row);
  const [x, dx, out] = [row.values.of(op.x), row.tangents.of(op.x), row.tangents.of(op.out)];
  for (let t = 0; t < row.length; t++) {
    const { u, s } = normed(at(x, t, width), centred, op.epsilon);
    const { du } = moved(at(dx, t, width), u, s, centred);
    for (let i = 0; i < width; i++) {
      out[t * width + i] = theta[weight + i] * du[i];
      if (!direction) continue;
      out[t * width + i] += direction[weight + i] * u[i] + (bias === undefined ? 0 : direction[bias + i]);
    }
  }
}

export function normBackward(op: Norm, row: Row, { theta, gradient }: Parameters): void {
  const { width, centred, weight, bias } = placesOf(op, row);
  const [x, back, into] = [row.values.of(op.x), row.adjoints.of(op.out), row.adjoints.of(op.x)];
  for (let t = 0; t < row.length; t++) {
    const y = at(back, t, width);
    const { u, s } = normed(at(x, t, width), centred, op.epsilon);
    const g = y.map((value, i) => value * theta[weight + i]);
    const [shift, along] = [centred ? mean(g) : 0, meanProduct(g, u)];
    for (let i = 0; i < width; i++) {
      into[t * width + i] += (g[i] - shift - u[i] * along) / s;
      if (!gradient) continue;
      gradient[weight + i] += y[i] * u[i];
      if (bias !== undefined) gradient[bias + i] += y[i];
    }
  }
}

/** Needs no result of `normBackward`. */
export function normTurn(op: Norm, row: Row, { theta, direction, gradient }: Parameters): void {
  const { width, centred, weight, bias } = placesOf(op, row);
  const [x, dx] = [row.values.of(op.x), row.tangents.of(op.x)];
  const [back, turn, into] = [row.adjoints.of(op.out), row.turns.of(op.out), row.turns.of(op.x)];
  for (let t = 0; t < row.length; t++) {
    const [y, dy] = [at(back, t, width), at(turn, t, width)];
    const { u, s } = normed(at(x, t, width), centred, op.epsilon);
    const { du, ds } = moved(at(dx, t, width), u, s, centred);
    const g = y.map((value, i) => value * theta[weight + i]);
    const dg = dy.map((value, i) => value * theta[weight + i] + (direction ? direction[weight + i] * y[i] : 0));
    const [shift, along] = [centred ? mean(g) : 0, meanProduct(g, u)];
    const [dshift, dalong] = [centred ? mean(dg) : 0, meanProduct(dg, u) + meanProduct(g, du)];
    for (let i = 0; i < width; i++) {
      const first = (g[i] - shift - u[i] * along) / s;
      into[t * width + i] += (dg[i] - dshift - du[i] * along - u[i] * dalong) / s - (first * ds) / s;
      if (!gradient) continue;
      gradient[weight + i] += dy[i] * u[i] + y[i] * du[i];
      if (bias !== undefined) gradient[bias + i] += dy[i];
    }
  }
}
