/** Conductance: gradients times steps of the stream along the path through the embeddings, by trapezoids, with one node kept. */
import type { Machine, Reals } from '../../../../nn/graph/machine.ts';
import { gradientsAt, kept, type Path, pointOf } from './paths.ts';
import type { Count, Phase } from './pieces.ts';

/** Streams of a row and what reaches them from behind, by layer. */
interface Node {
  readonly values: readonly Reals[];
  readonly adjoints: readonly Reals[];
}

/**
 * Σ_k ½ (∂f/∂h_k + ∂f/∂h_{k+1})·(h_{k+1} − h_k) for every stream, into [item][layer][stride]. Nodes of an item go in order, so one of them is kept, never
 * all; one that an interruption lost is computed again.
 * @param steps trapezoids, one less than nodes
 */
export function conductancePhase(options: {
  readonly count: Count;
  readonly machine: Machine;
  readonly steps: number;
  path(item: number): Path;
  readonly into: Float64Array;
  readonly stride: number;
}): Phase {
  const { machine, steps, into, stride } = options;
  const { graph } = machine;
  const nodes = steps + 1;
  const pathOf = kept(options.path, machine.options.rows + 1);
  let before: { readonly unit: number; readonly node: Node } | undefined;

  const add = (item: number, from: Node, to: Node) => {
    for (const [l, value] of graph.residuals.entries()) {
      const width = graph.widths[value];
      const at = (item * graph.residuals.length + l) * stride;
      for (let i = 0; i < Math.min(to.values[l].length, stride * width); i++)
        into[at + Math.floor(i / width)] +=
          0.5 * (from.adjoints[l][i] + to.adjoints[l][i]) * (to.values[l][i] - from.values[l][i]);
    }
  };

  return {
    ...options.count,
    async piece(from, most) {
      // The node before the first of this piece, where it is of the same item and is not known any more.
      const first = from % nodes > 0 && before?.unit !== from - 1 ? from - 1 : from;
      const last = Math.min(from + most, first + machine.options.rows);
      const rows = Array.from({ length: last - first }, (_, r) => {
        const path = pathOf(Math.floor((first + r) / nodes));
        return { path, numbers: pointOf(path, ((first + r) % nodes) / steps) };
      });
      await gradientsAt(machine, graph.embedded, rows);
      const [values, adjoints]: [(readonly Reals[])[], (readonly Reals[])[]] = [[], []];
      for (const value of graph.residuals) {
        values.push(await machine.read('value', value));
        adjoints.push(await machine.read('adjoint', value));
      }
      for (const [r] of rows.entries()) {
        const node = { values: values.map((own) => own[r]), adjoints: adjoints.map((own) => own[r]) };
        const unit = first + r;
        if (unit >= from && unit % nodes > 0 && before) add(Math.floor(unit / nodes), before.node, node);
        before = { unit, node };
      }
      return last - from;
    },
  };
}
