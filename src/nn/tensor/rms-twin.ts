/** RMS norm and gated units, forward and backward, in f64: twins of `shaders/nn/tensor/rms_*.wgsl` and `silu_gate.wgsl`. Rows are [rows][width]. */
import type { Values } from './twin.ts';

export interface RmsNorm {
  readonly h: Float64Array;
  /** 1/√(mean of x² + ε) of every row. */
  readonly inverses: Float64Array;
}

/** h = w x r, r = 1/√(mean of x² + ε): B. Zhang & R. Sennrich, Root mean square layer normalization, NeurIPS 2019. */
export function rmsNorm(x: Values, w: Values, epsilon: number): RmsNorm {
  const width = w.length;
  const h = new Float64Array(x.length);
  const inverses = new Float64Array(x.length / width);
  for (let row = 0; row < inverses.length; row++) {
    let squares = 0;
    for (let j = 0; j < width; j++) squares += x[row * width + j] ** 2 / width;
    inverses[row] = 1 / Math.sqrt(squares + epsilon);
    for (let j = 0; j < width; j++) h[row * width + j] = w[j] * x[row * width + j] * inverses[row];
  }
  return { h, inverses };
}

/** Slopes by x and w. */
export function rmsNormBackward(
  dh: Values,
  x: Values,
  w: Values,
  inverses: Values,
): { readonly dx: Float64Array; readonly dw: Float64Array } {
  const width = w.length;
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(width);
  for (let row = 0; row < inverses.length; row++) {
    const inverse = inverses[row];
    let product = 0;
    for (let j = 0; j < width; j++) {
      const at = row * width + j;
      const normal = x[at] * inverse;
      product += (w[j] * dh[at] * normal) / width;
      dw[j] += dh[at] * normal;
    }
    for (let j = 0; j < width; j++) {
      const at = row * width + j;
      dx[at] = inverse * (w[j] * dh[at] - x[at] * inverse * product);
    }
  }
  return { dx, dw };
}

const logistic = (value: number) => 1 / (1 + Math.exp(-value));

/** silu(g) u of rows [2][hidden]: g, u (N. Shazeer, GLU variants improve transformer, 2020). */
export function siluGate(x: Values, hidden: number): Float64Array {
  return Float64Array.from({ length: x.length / 2 }, (_, i) => {
    const at = Math.floor(i / hidden) * 2 * hidden + (i % hidden);
    return x[at] * logistic(x[at]) * x[at + hidden];
  });
}

/** Slopes by g and u, laid out as these. */
export function siluGateBackward(x: Values, dy: Values, hidden: number): Float64Array {
  const dx = new Float64Array(x.length);
  for (let i = 0; i < dy.length; i++) {
    const at = Math.floor(i / hidden) * 2 * hidden + (i % hidden);
    const [g, u, share] = [x[at], x[at + hidden], logistic(x[at])];
    dx[at] = dy[i] * u * share * (1 + g * (1 - share));
    dx[at + hidden] = dy[i] * g * share;
  }
  return dx;
}
