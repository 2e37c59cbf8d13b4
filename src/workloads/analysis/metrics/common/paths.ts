/** Straight paths from a baseline to an item, at the embeddings or at a residual stream: gradients along them, summed by position. */
import { type Graph, parameterOf } from '../../../../nn/graph/graph.ts';
import type { Machine } from '../../../../nn/graph/machine.ts';
import type { AnalysedItem, MetricSetting, Target } from '../metric.ts';
import { beginAt, idsUpTo, takesIds } from './items.ts';
import type { Count, Phase } from './pieces.ts';
import { seedOf } from './readout.ts';

/** Nodes in (0, 1) and their weights, which sum to 1. */
export interface PathRule {
  readonly nodes: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

/** A path of one item: [position × width] at both ends. */
export interface Path {
  readonly target: Target;
  /** Of the row; one more than the path has positions where a log-probability is explained. */
  readonly ids: readonly number[];
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/** Embeddings of ids, [position × width], as the table has them. */
export function embeddingsOf(graph: Graph, theta: Float32Array, ids: readonly number[]): Float64Array {
  const embed = graph.operations.find((op) => op.kind === 'embed' && op.out === graph.embedded);
  if (embed?.kind !== 'embed') throw new RangeError('the network has no table of embeddings');
  const width = graph.widths[graph.embedded];
  const { at } = parameterOf(graph, embed.table);
  const out = new Float64Array(ids.length * width);
  for (const [t, id] of ids.entries()) for (let i = 0; i < width; i++) out[t * width + i] = theta[at + id * width + i];
  return out;
}

/** Mean of all tokens' embeddings; of a network of numbers the mean of its items. */
export function meanInput({ graph, theta, items }: MetricSetting): Float64Array {
  const width = graph.widths[graph.embedded];
  const mean = new Float64Array(width);
  if (!takesIds(graph)) {
    for (const { numbers = [] } of items) for (let i = 0; i < width; i++) mean[i] += numbers[i] / items.length;
    return mean;
  }
  const embed = graph.operations.find((op) => op.kind === 'embed' && op.out === graph.embedded);
  if (embed?.kind !== 'embed' || graph.input.kind !== 'tokens') return mean;
  const { at } = parameterOf(graph, embed.table);
  const entries = graph.input.vocabulary;
  for (let v = 0; v < entries; v++) for (let i = 0; i < width; i++) mean[i] += theta[at + v * width + i] / entries;
  return mean;
}

/** What the path begins with: one vector for all positions, or its own numbers by position. */
export class Baseline {
  readonly #setting: MetricSetting;
  readonly #row: Float64Array;

  constructor(setting: MetricSetting, baseline = setting.baseline) {
    const { graph, theta, padId } = setting;
    this.#setting = setting;
    const width = graph.widths[graph.embedded];
    if (baseline === 'mean') this.#row = meanInput(setting);
    else if (baseline === 'pad' && takesIds(graph)) this.#row = embeddingsOf(graph, theta, [padId]);
    else this.#row = new Float64Array(width);
  }

  /** [position × width] */
  of(positions: number): Float64Array {
    const width = this.#row.length;
    return Float64Array.from({ length: positions * width }, (_, i) => this.#row[i % width]);
  }

  /** From the baseline to an item, or to other tokens in its place, at the embeddings. */
  path(item: AnalysedItem, target: Target, tokens?: readonly number[]): Path {
    const { graph, theta } = this.#setting;
    if (!item.ids) return { target, ids: [], from: this.of(1), to: Float64Array.from(item.numbers ?? []) };
    const ids = idsUpTo(tokens ? { ...item, ids: tokens } : item, target);
    return { target, ids, from: this.of(ids.length), to: embeddingsOf(graph, theta, ids) };
  }
}

/** Straight between both ends. */
export const pointOf = ({ from, to }: Path, alpha: number): Float64Array =>
  from.map((begin, i) => begin + alpha * (to[i] - begin));

/** Rows of paths, passed forward and back to where they begin. @returns adjoints there, [row][position × width] */
export async function gradientsAt(
  machine: Machine,
  value: string,
  rows: readonly { readonly path: Path; readonly numbers: ArrayLike<number> }[],
  parameters?: string,
) {
  const { graph } = machine;
  await machine.forward({
    ...(takesIds(graph) && { ids: rows.map(({ path }) => path.ids) }),
    ...beginAt(
      graph,
      value,
      rows.map(({ numbers }) => numbers),
    ),
    ...(parameters !== undefined && { parameters }),
  });
  const lengths = rows.map(({ path }) => Math.max(1, path.ids.length));
  await machine.backward({
    seed: seedOf(
      rows.map(({ path }) => path.target),
      lengths,
    ),
    until: value,
  });
  return machine.read('adjoint', value);
}

/** Keeps what an item's rows share while they are under way, of a few items. */
export function kept<T>(make: (item: number) => T, most: number): (item: number) => T {
  const own = new Map<number, T>();
  return (item) => {
    const found = own.get(item);
    if (found !== undefined) return found;
    if (own.size >= most) own.delete(own.keys().next().value!);
    const made = make(item);
    own.set(item, made);
    return made;
  };
}

/**
 * Σ_k w_k Σ_d (to − from)_sd ∂f/∂x_sd at the rule's nodes, added to `into` at
 * item × stride + s. Rows are (item, node), any number of them in flight.
 */
export function pathPhase(options: {
  readonly count: Count;
  readonly machine: Machine;
  readonly rule: PathRule;
  readonly value: string;
  path(item: number): Path;
  /** Makes ready what `path` needs of the machine, for these items. */
  prepare?(items: readonly number[]): Promise<void>;
  readonly parameters?: string;
  readonly into: Float64Array;
  /** Between items' places, and how many parts of a path are kept. */
  readonly stride: number;
  /** Numbers of a part: a position's, or one by one. */
  readonly width: number;
}): Phase {
  const { machine, rule, value, into, stride, width } = options;
  const steps = rule.nodes.length;
  return {
    ...options.count,
    async piece(from, most) {
      const [first, last] = [Math.floor(from / steps), Math.floor((from + most - 1) / steps)];
      const items = Array.from({ length: last - first + 1 }, (_, i) => first + i);
      await options.prepare?.(items);
      const paths = items.map((item) => options.path(item));
      const rows = Array.from({ length: most }, (_, r) => {
        const [item, node] = [Math.floor((from + r) / steps), (from + r) % steps];
        const path = paths[item - first];
        return { item, node, path, numbers: pointOf(path, rule.nodes[node]) };
      });
      const gradients = await gradientsAt(machine, value, rows, options.parameters);
      for (const [r, { item, node, path }] of rows.entries())
        addPositions(path, gradients[r], rule.weights[node], width, into, item * stride, stride);
      return most;
    },
  };
}

/** into[at + s] += weight Σ_d (to − from)_sd g_sd */
export function addPositions(
  { from, to }: Path,
  gradient: ArrayLike<number>,
  weight: number,
  width: number,
  into: Float64Array,
  at: number,
  most: number,
): void {
  for (let s = 0; s < Math.min(most, from.length / width); s++) {
    let sum = 0;
    for (let i = s * width; i < (s + 1) * width; i++) sum += (to[i] - from[i]) * gradient[i];
    into[at + s] += weight * sum;
  }
}
