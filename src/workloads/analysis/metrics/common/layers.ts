/** Which layer a tensor of θ belongs to, told from the operations that read it. */
import { type Graph, numbersOf, type Operation } from '../../../../nn/graph/graph.ts';

export interface Layers {
  /** In the network's order: `embedding`, `block 0` … `head`; of a perceptron `layer 0` … `output`. */
  readonly names: readonly string[];
  /** Layer of each tensor, in the graph's order. A tied one belongs to where it is read first. */
  readonly of: readonly number[];
}

export function layersOf(graph: Graph): Layers {
  const { operations, residuals, blocks } = graph;
  const layer = new Map<string, number>();
  let at = 0;
  for (const operation of operations) {
    for (const name of parametersOf(operation)) if (!layer.has(name)) layer.set(name, at);
    if (operation.out === residuals[at]) at++;
  }
  const decoder = blocks.length > 0;
  const inner = residuals.map((_, l) => (decoder ? (l === 0 ? 'embedding' : `block ${l - 1}`) : `layer ${l}`));
  return {
    names: [...inner, decoder ? 'head' : 'output'],
    of: graph.parameters.map(({ name }) => layer.get(name) ?? residuals.length),
  };
}

/** Sums over the tensors of each layer. */
export function byLayer({ names, of }: Layers, byTensor: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(names.length);
  for (const [tensor, layer] of of.entries()) sums[layer] += byTensor[tensor];
  return sums;
}

/** Numbers of each tensor. */
export const tensorSizes = ({ parameters }: Graph) => parameters.map(({ shape }) => numbersOf(shape));

function parametersOf(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'embed':
    case 'positions':
      return [operation.table];
    case 'norm':
    case 'linear':
      return operation.bias === undefined ? [operation.weight] : [operation.weight, operation.bias];
    default:
      return [];
  }
}
