/** What happens to single rows on the CPU: norms, rotary positions, attention over a text's own keys, activations. */
import type { DecoderSpec } from '../spec.ts';
import type { Reals } from './product.ts';

/** Row by row from x into y, which may be the same. */
export function normRows(
  { norm, width }: DecoderSpec,
  x: Reals,
  rows: number,
  weight: Float32Array,
  bias: Float32Array | undefined,
  y: Reals,
): void {
  for (let row = 0; row < rows; row++) {
    const at = row * width;
    let mean = 0;
    if (norm.kind === 'layer') {
      for (let k = 0; k < width; k++) mean += x[at + k];
      mean /= width;
    }
    let square = 0;
    for (let k = 0; k < width; k++) {
      const off = x[at + k] - mean;
      square += off * off;
    }
    const scale = 1 / Math.sqrt(square / width + norm.epsilon);
    for (let k = 0; k < width; k++)
      y[at + k] = (x[at + k] - mean) * scale * (weight[k] + norm.unit) + (bias ? bias[k] : 0);
  }
}

/** Turns the heads of a row in place. @param turns cosines and sines of its position, head / 2 pairs */
export function turnRow(
  values: Reals,
  at: number,
  heads: number,
  head: number,
  turns: Float64Array,
  from: number,
): void {
  const half = head / 2;
  for (let h = 0; h < heads; h++)
    for (let i = 0; i < half; i++) {
      const a = at + h * head + i;
      const x = values[a];
      const y = values[a + half];
      const cos = turns[from + 2 * i];
      const sin = turns[from + 2 * i + 1];
      values[a] = x * cos - y * sin;
      values[a + half] = y * cos + x * sin;
    }
}

/** Four sums, each over every fourth number: one alone would wait for itself. */
function dot(x: Reals, a: number, y: Reals, b: number, count: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    s0 += x[a + i] * y[b + i];
    s1 += x[a + i + 1] * y[b + i + 1];
    s2 += x[a + i + 2] * y[b + i + 2];
    s3 += x[a + i + 3] * y[b + i + 3];
  }
  for (; i < count; i++) s0 += x[a + i] * y[b + i];
  return s0 + s1 + (s2 + s3);
}

/**
 * Attention of one row over keys `first` … `position` of its text.
 * @param q [heads · head] at `at` @param keys, values [positions][kvHeads · head] of the text
 * @param scores, sums place for one head @param out [heads · head] at `at`
 */
export function attendRow(
  { heads, kvHeads, head, scale, scoreCap }: DecoderSpec,
  q: Reals,
  keys: Reals,
  values: Reals,
  first: number,
  position: number,
  scores: Float64Array,
  sums: Float64Array,
  out: Reals,
  at: number,
): void {
  const stride = kvHeads * head;
  for (let h = 0; h < heads; h++) {
    const kv = Math.floor((h * kvHeads) / heads) * head;
    const own = at + h * head;
    let most = Number.NEGATIVE_INFINITY;
    for (let j = first; j <= position; j++) {
      let score = scale * dot(q, own, keys, j * stride + kv, head);
      if (scoreCap !== undefined) score = scoreCap * Math.tanh(score / scoreCap);
      scores[j] = score;
      if (score > most) most = score;
    }
    let total = 0;
    for (let j = first; j <= position; j++) {
      scores[j] = Math.exp(scores[j] - most);
      total += scores[j];
    }
    sums.fill(0);
    let j = first;
    for (; j + 3 <= position; j += 4) {
      const w0 = scores[j];
      const w1 = scores[j + 1];
      const w2 = scores[j + 2];
      const w3 = scores[j + 3];
      const value = j * stride + kv;
      for (let c = 0; c < head; c++) {
        let sum = sums[c] + w0 * values[value + c];
        sum += w1 * values[value + stride + c];
        sum += w2 * values[value + 2 * stride + c];
        sums[c] = sum + w3 * values[value + 3 * stride + c];
      }
    }
    for (; j <= position; j++) for (let c = 0; c < head; c++) sums[c] += scores[j] * values[j * stride + kv + c];
    for (let c = 0; c < head; c++) out[own + c] = sums[c] / total;
  }
}

/** GELU by tanh, or SiLU, of all numbers; times `times` where that is given. ½(1 + tanh z) is 1 / (1 + exp(−2z)). */
export function activate({ mlp }: DecoderSpec, x: Reals, count: number, times?: Reals): void {
  const silu = mlp.activation === 'silu';
  const root = 2 * Math.sqrt(2 / Math.PI);
  for (let i = 0; i < count; i++) {
    const value = x[i];
    const z = silu ? value : root * (value + 0.044715 * value * value * value);
    const active = value / (1 + Math.exp(-z));
    x[i] = times ? active * times[i] : active;
  }
}
