/**
 * y = x Wᵀ + b over rows on the CPU. Every sum goes over the inputs from the first to the last with one accumulator of f64, whatever rows
 * and outputs share a turn of the loop: equal bits for any number of rows. Blocks of 4 rows by 2 outputs: a weight is loaded once for four.
 */

export type Reals = Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/** @param x [rows][inner] @param w [outputs][inner] @param y [rows][outputs] */
export function product(
  x: Reals,
  rows: number,
  inner: number,
  w: Float32Array,
  outputs: number,
  bias: Float32Array | undefined,
  y: Reals,
): void {
  let row = 0;
  for (; row + 4 <= rows; row += 4) fourRows(x, row * inner, inner, w, outputs, bias, y, row * outputs);
  for (; row < rows; row++) oneRow(x, row * inner, inner, w, outputs, bias, y, row * outputs);
}

function fourRows(
  x: Reals,
  a: number,
  inner: number,
  w: Float32Array,
  outputs: number,
  bias: Float32Array | undefined,
  y: Reals,
  at: number,
): void {
  const [b, c, d] = [a + inner, a + 2 * inner, a + 3 * inner];
  let o = 0;
  for (; o + 2 <= outputs; o += 2) {
    const u = o * inner;
    const v = u + inner;
    let [a0, b0, c0, d0, a1, b1, c1, d1] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let k = 0; k < inner; k++) {
      const wu = w[u + k];
      const wv = w[v + k];
      const xa = x[a + k];
      const xb = x[b + k];
      const xc = x[c + k];
      const xd = x[d + k];
      a0 += xa * wu;
      b0 += xb * wu;
      c0 += xc * wu;
      d0 += xd * wu;
      a1 += xa * wv;
      b1 += xb * wv;
      c1 += xc * wv;
      d1 += xd * wv;
    }
    const [p, q] = bias ? [bias[o], bias[o + 1]] : [0, 0];
    y[at + o] = a0 + p;
    y[at + o + 1] = a1 + q;
    y[at + outputs + o] = b0 + p;
    y[at + outputs + o + 1] = b1 + q;
    y[at + 2 * outputs + o] = c0 + p;
    y[at + 2 * outputs + o + 1] = c1 + q;
    y[at + 3 * outputs + o] = d0 + p;
    y[at + 3 * outputs + o + 1] = d1 + q;
  }
  for (; o < outputs; o++)
    for (let row = 0; row < 4; row++)
      y[at + row * outputs + o] = sum(x, a + row * inner, w, o * inner, inner) + (bias ? bias[o] : 0);
}

function oneRow(
  x: Reals,
  from: number,
  inner: number,
  w: Float32Array,
  outputs: number,
  bias: Float32Array | undefined,
  y: Reals,
  at: number,
): void {
  let o = 0;
  for (; o + 4 <= outputs; o += 4) {
    const u = o * inner;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let k = 0; k < inner; k++) {
      const value = x[from + k];
      s0 += value * w[u + k];
      s1 += value * w[u + inner + k];
      s2 += value * w[u + 2 * inner + k];
      s3 += value * w[u + 3 * inner + k];
    }
    const has = bias !== undefined;
    y[at + o] = s0 + (has ? bias[o] : 0);
    y[at + o + 1] = s1 + (has ? bias[o + 1] : 0);
    y[at + o + 2] = s2 + (has ? bias[o + 2] : 0);
    y[at + o + 3] = s3 + (has ? bias[o + 3] : 0);
  }
  for (; o < outputs; o++) y[at + o] = sum(x, from, w, o * inner, inner) + (bias ? bias[o] : 0);
}

function sum(x: Reals, from: number, w: Float32Array, at: number, inner: number): number {
  let total = 0;
  for (let k = 0; k < inner; k++) total += x[from + k] * w[at + k];
  return total;
}
