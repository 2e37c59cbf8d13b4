/** Softmax attention over the genes of a cell, and its rotation by position, in f64: twins of `shaders/nn/tensor/attention_*.wgsl` and `rotary.wgsl`. */
import type { Values } from './twin.ts';

/** What attention is over: rows [cells · genes] of q, k, v after one another, heads in each. */
export interface AttentionShape {
  readonly cells: number;
  readonly genes: number;
  readonly width: number;
  readonly heads: number;
  /** A gene sees itself and those before it only. */
  readonly causal?: boolean;
}

interface Place {
  readonly cell: number;
  readonly head: number;
}

const places = ({ cells, heads }: AttentionShape): Place[] =>
  Array.from({ length: cells * heads }, (_, i) => ({ cell: Math.floor(i / heads), head: i % heads }));

/** First number of gene i's q (0), k (1) or v (2) of a head. */
function placeOf({ genes, width, heads }: AttentionShape, { cell, head }: Place, which: number, i: number): number {
  return (cell * genes + i) * 3 * width + which * width + (head * width) / heads;
}

/** Softmax over the keys of one query. */
function weightsOf(qkv: Values, shape: AttentionShape, place: Place, i: number): { p: number[]; logSum: number } {
  const size = shape.width / shape.heads;
  const from = placeOf(shape, place, 0, i);
  const scores = Array.from({ length: shape.causal ? i + 1 : shape.genes }, (_, j) => {
    const to = placeOf(shape, place, 1, j);
    let sum = 0;
    for (let c = 0; c < size; c++) sum += qkv[from + c] * qkv[to + c];
    return sum / Math.sqrt(size);
  });
  const most = Math.max(...scores);
  const sum = scores.reduce((total, score) => total + Math.exp(score - most), 0);
  return { p: scores.map((score) => Math.exp(score - most) / sum), logSum: most + Math.log(sum) };
}

export interface Attention {
  /** [rows][width], heads after one another. */
  readonly output: Float64Array;
  /** log Σ exp of the scores, [cells][heads][genes]. */
  readonly logSums: Float64Array;
}

export function attention(qkv: Values, shape: AttentionShape): Attention {
  const { cells, genes, width, heads } = shape;
  const size = width / heads;
  const output = new Float64Array(cells * genes * width);
  const logSums = new Float64Array(cells * heads * genes);
  for (const place of places(shape))
    for (let i = 0; i < genes; i++) {
      const { p, logSum } = weightsOf(qkv, shape, place, i);
      logSums[(place.cell * heads + place.head) * genes + i] = logSum;
      const at = (place.cell * genes + i) * width + place.head * size;
      for (let j = 0; j < p.length; j++) {
        const from = placeOf(shape, place, 2, j);
        for (let c = 0; c < size; c++) output[at + c] += p[j] * qkv[from + c];
      }
    }
  return { output, logSums };
}

/** Slopes by q, k and v, laid out as these: dS = P ∘ (dO Vᵀ − rowsum(dO ∘ O)) (T. Dao et al., FlashAttention, NeurIPS 2022, appendix B). */
export function attentionBackward(qkv: Values, output: Values, slopes: Values, shape: AttentionShape): Float64Array {
  const { cells, genes, width, heads } = shape;
  const size = width / heads;
  const gradient = new Float64Array(cells * genes * 3 * width);
  for (const place of places(shape))
    for (let i = 0; i < genes; i++) {
      const { p } = weightsOf(qkv, shape, place, i);
      const at = (place.cell * genes + i) * width + place.head * size;
      const q = placeOf(shape, place, 0, i);
      let along = 0;
      for (let c = 0; c < size; c++) along += slopes[at + c] * output[at + c];
      for (let j = 0; j < p.length; j++) {
        const [k, v] = [placeOf(shape, place, 1, j), placeOf(shape, place, 2, j)];
        let byWeight = 0;
        for (let c = 0; c < size; c++) {
          byWeight += slopes[at + c] * qkv[v + c];
          gradient[v + c] += p[j] * slopes[at + c];
        }
        const byScore = (p[j] * (byWeight - along)) / Math.sqrt(size);
        for (let c = 0; c < size; c++) {
          gradient[q + c] += byScore * qkv[k + c];
          gradient[k + c] += byScore * qkv[q + c];
        }
      }
    }
  return gradient;
}

/**
 * Turns q and k of every gene by its index, in halves: (a, b) → (a cos φ − b sin φ, b cos φ + a sin φ), φ = i · 10⁴^{−2c/size}.
 * J. Su et al., RoFormer (2021). @param sign −1 turns back, which is the transposed map @param period in the place of 10⁴
 */
export function rotated(qkv: Values, shape: AttentionShape, sign: 1 | -1, period = 1e4): Float64Array {
  const turned = Float64Array.from(qkv as ArrayLike<number>);
  const size = shape.width / shape.heads;
  for (const place of places(shape))
    for (let i = 0; i < shape.genes; i++)
      for (const which of [0, 1])
        for (let c = 0; c < size / 2; c++) {
          const angle = sign * i * period ** ((-2 * c) / size);
          const at = placeOf(shape, place, which, i) + c;
          const [a, b] = [qkv[at], qkv[at + size / 2]];
          turned[at] = a * Math.cos(angle) - b * Math.sin(angle);
          turned[at + size / 2] = b * Math.cos(angle) + a * Math.sin(angle);
        }
  return turned;
}
