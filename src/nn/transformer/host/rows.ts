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
    for (let k = 0; k < width; k++) square += (x[at + k] - mean) ** 2;
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
      const [x, y] = [values[a], values[a + half]];
      const cos = turns[from + 2 * i];
      const sin = turns[from + 2 * i + 1];
      values[a] = x * cos - y * sin;
      values[a + half] = y * cos + x * sin;
    }
}

/**
 * Attention of one row over keys `first` … `position` of its text.
 * @param q [heads · head] at `at` @param keys, values [positions][kvHeads · head] of the text @param out [heads · head] at `at`
 */
export function attendRow(
  { heads, kvHeads, head, scale, scoreCap }: DecoderSpec,
  q: Reals,
  keys: Reals,
  values: Reals,
  first: number,
  position: number,
  scores: Float64Array,
  out: Reals,
  at: number,
): void {
  const stride = kvHeads * head;
  for (let h = 0; h < heads; h++) {
    const kv = Math.floor((h * kvHeads) / heads) * head;
    const own = at + h * head;
    let most = Number.NEGATIVE_INFINITY;
    for (let j = first; j <= position; j++) {
      let score = 0;
      const key = j * stride + kv;
      for (let c = 0; c < head; c++) score += q[own + c] * keys[key + c];
      score *= scale;
      if (scoreCap !== undefined) score = scoreCap * Math.tanh(score / scoreCap);
      scores[j] = score;
      if (score > most) most = score;
    }
    let total = 0;
    for (let j = first; j <= position; j++) {
      scores[j] = Math.exp(scores[j] - most);
      total += scores[j];
    }
    for (let c = 0; c < head; c++) {
      let sum = 0;
      for (let j = first; j <= position; j++) sum += scores[j] * values[j * stride + kv + c];
      out[own + c] = sum / total;
    }
  }
}

/** GELU by tanh, or SiLU, of all numbers; times `times` where that is given. */
export function activate({ mlp }: DecoderSpec, x: Reals, count: number, times?: Reals): void {
  const silu = mlp.activation === 'silu';
  for (let i = 0; i < count; i++) {
    const value = x[i];
    const active = silu
      ? value / (1 + Math.exp(-value))
      : 0.5 * value * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (value + 0.044715 * value * value * value)));
    x[i] = times ? active * times[i] : active;
  }
}
