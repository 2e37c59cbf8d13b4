/** A logit as a sum of what wrote into the last residual: token, position, heads, biases, MLPs; the last norm frozen at its value. */
import { type Graph, type Linear, type Norm, parameterOf } from '../../../../nn/graph/graph.ts';
import { parameterRow } from './readout.ts';

/** Parts in order: token, position, norm_bias, then of every block its heads, attn_bias and mlp. */
export function partNames({ blocks, heads }: Graph): readonly string[] {
  return [
    'token',
    'position',
    'norm_bias',
    ...blocks.flatMap((_, l) => [
      ...Array.from({ length: heads }, (__, h) => `head_${l}_${h}`),
      `attn_bias_${l}`,
      `mlp_${l}`,
    ]),
  ];
}

/** Values of one row that the sum is made from, [position × width] each. */
export interface DirectValues {
  readonly embedded: ArrayLike<number>;
  /** The stream before the first block. */
  readonly first: ArrayLike<number>;
  readonly last: ArrayLike<number>;
  /** By block. */
  readonly heads: readonly ArrayLike<number>[];
  readonly mlp: readonly ArrayLike<number>[];
}

/** The last norm, and the products that heads go through. */
export interface DirectOperations {
  readonly norm: Norm;
  readonly projections: readonly Linear[];
}

export function directOperations({ operations, final, blocks }: Graph): DirectOperations {
  const norm = operations.find((op): op is Norm => op.kind === 'norm' && op.out === final);
  const projections = blocks.map(({ attention }) =>
    operations.find((op): op is Linear => op.kind === 'linear' && op.out === attention),
  );
  if (!norm || projections.some((op) => op === undefined))
    throw new RangeError('the network has no last norm or no projection of heads');
  return { norm, projections: projections as Linear[] };
}

/** A column of the unembedding, or a mean of columns. */
export interface Output {
  readonly unembedding: Float64Array;
  readonly bias: number;
}

/**
 * Parts of an output at a position, as `partNames` has them. With u = γ∘W_U[k] and a LayerNorm of mean μ and deviation s, a vector x that was added
 * to the stream gives u·(x − mean x)/s (u·x/s of RMSNorm): linear in x, so the parts sum to the logit but for rounding.
 */
export function directParts(
  graph: Graph,
  theta: Float32Array,
  { unembedding, bias: own }: Output,
  { norm, projections }: DirectOperations,
  values: DirectValues,
  position: number,
): Float64Array {
  const width = graph.widths[graph.final];
  const at = (numbers: ArrayLike<number>) =>
    Float64Array.from({ length: width }, (_, i) => numbers[position * width + i]);
  const gamma = parameterRow(graph, theta, norm.weight, 0, width);
  const last = at(values.last);
  const centred = norm.norm === 'layer';
  const mean = (numbers: Float64Array) => numbers.reduce((sum, x) => sum + x, 0) / width;
  const mu = centred ? mean(last) : 0;
  const scale = Math.sqrt(last.reduce((sum, x) => sum + (x - mu) ** 2, 0) / width + norm.epsilon);
  const direction = unembedding.map((u, i) => (u * gamma[i]) / scale);
  // The mean of x is taken off by taking it off the direction: one vector for all parts.
  const offset = centred ? mean(direction) : 0;
  for (let i = 0; i < width; i++) direction[i] -= offset;
  const project = (x: ArrayLike<number>) => direction.reduce((sum, u, i) => sum + u * x[i], 0);

  const embedded = at(values.embedded);
  const bias = norm.bias === undefined ? undefined : parameterRow(graph, theta, norm.bias, 0, width);
  const parts = [
    project(embedded),
    project(at(values.first).map((x, i) => x - embedded[i])),
    own + (bias ? unembedding.reduce((sum, u, i) => sum + u * bias[i], 0) : 0),
  ];
  for (const [l, op] of projections.entries()) {
    const into = throughProjection(graph, theta, op, direction);
    const head = op.inputs / graph.heads;
    for (let h = 0; h < graph.heads; h++) {
      let sum = 0;
      for (let i = h * head; i < (h + 1) * head; i++) sum += into[i] * values.heads[l][position * op.inputs + i];
      parts.push(sum);
    }
    parts.push(op.bias === undefined ? 0 : project(parameterRow(graph, theta, op.bias, 0, width)));
    parts.push(project(at(values.mlp[l])));
  }
  return Float64Array.from(parts);
}

/** What one unit of the heads' outputs adds to the logit. */
function throughProjection(graph: Graph, theta: Float32Array, op: Linear, direction: Float64Array): Float64Array {
  const { at } = parameterOf(graph, op.weight);
  const [input, output] = op.layout === 'out-in' ? [1, op.inputs] : [op.outputs, 1];
  return Float64Array.from({ length: op.inputs }, (_, i) => {
    let sum = 0;
    for (let o = 0; o < op.outputs; o++) sum += direction[o] * theta[at + i * input + o * output];
    return sum;
  });
}
