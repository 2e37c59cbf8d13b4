/** What is explained, as numbers: logits from the last norm's output, log-probabilities from the machine's losses; and where passes back begin. */
import { type Graph, type Linear, parameterOf } from '../../../../nn/graph/graph.ts';
import type { Machine, Seed } from '../../../../nn/graph/machine.ts';
import type { Target } from '../metric.ts';

/** The product that gives logits, or outputs. */
export function unembeddingOf({ operations, output }: Graph): Linear {
  const found = operations.find((op): op is Linear => op.kind === 'linear' && op.out === output);
  if (!found) throw new RangeError('the output comes from no product');
  return found;
}

/** Column `to` of a product, as the numbers its inputs are multiplied by; [inputs] */
export function weightsTo(graph: Graph, theta: Float32Array, op: Linear, to: number): Float64Array {
  const { at } = parameterOf(graph, op.weight);
  const [from, step] = op.layout === 'out-in' ? [at + to * op.inputs, 1] : [at + to, op.outputs];
  return Float64Array.from({ length: op.inputs }, (_, i) => theta[from + i * step]);
}

/** Numbers of a parameter from `from` on. */
export function parameterRow(
  graph: Graph,
  theta: Float32Array,
  name: string,
  row: number,
  length: number,
): Float32Array {
  const at = parameterOf(graph, name).at + row * length;
  return theta.subarray(at, at + length);
}

/** Mean of W_U over all outputs, one number an input. */
export function meanUnembedding(graph: Graph, theta: Float32Array): Float64Array {
  const op = unembeddingOf(graph);
  const { at } = parameterOf(graph, op.weight);
  const mean = new Float64Array(op.inputs);
  const [input, output] = op.layout === 'out-in' ? [1, op.inputs] : [op.outputs, 1];
  for (let o = 0; o < op.outputs; o++)
    for (let i = 0; i < op.inputs; i++) mean[i] += theta[at + i * input + o * output] / op.outputs;
  return mean;
}

/** Reads logits without having them computed: a product with one column of the unembedding, in f64. */
export class Readout {
  readonly #graph: Graph;
  readonly #theta: Float32Array;
  readonly #op: Linear;
  readonly #weights = new Map<number, Float64Array>();

  constructor(graph: Graph, theta: Float32Array) {
    this.#graph = graph;
    this.#theta = theta;
    this.#op = unembeddingOf(graph);
  }

  /** W_U[index], one number a unit of the last norm's output. */
  weights(index: number): Float64Array {
    let own = this.#weights.get(index);
    if (!own) {
      own = weightsTo(this.#graph, this.#theta, this.#op, index);
      this.#weights.set(index, own);
    }
    return own;
  }

  bias(index: number): number {
    return this.#op.bias === undefined ? 0 : this.#theta[parameterOf(this.#graph, this.#op.bias).at + index];
  }

  /** @param final [position × width] of a row */
  logit(final: ArrayLike<number>, position: number, index: number): number {
    const weights = this.weights(index);
    let sum = this.bias(index);
    for (let i = 0; i < weights.length; i++) sum += weights[i] * final[position * weights.length + i];
    return sum;
  }
}

/** Of every row of the last `forward`. Rows of a log-probability end with the target itself (`idsUpTo`). */
export async function scoresOf(machine: Machine, readout: Readout, targets: readonly Target[]): Promise<number[]> {
  if (targets.length === 0) return [];
  if (targets[0].kind === 'log-probability') {
    const losses = await machine.losses();
    return targets.map(({ position }, r) => -losses[r][position]);
  }
  const final = await machine.read('value', machine.graph.final);
  return targets.map(({ position, index }, r) => readout.logit(final[r], position, index));
}

/** @param lengths of the rows */
export function seedOf(targets: readonly Target[], lengths: readonly number[]): Seed {
  if (targets[0]?.kind !== 'log-probability')
    return { kind: 'outputs', picks: targets.map(({ position, index }, row) => ({ row, position, index, weight: 1 })) };
  const rows = (value: (target: Target) => number) =>
    targets.map((target, r) => {
      const numbers = new Float64Array(lengths[r]);
      numbers[target.position] = value(target);
      return numbers;
    });
  return { kind: 'labels', labels: rows(({ index }) => index), weights: rows(() => -1) };
}
