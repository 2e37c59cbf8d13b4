/**
 * Items as rows of a loss. Two means that differ where items differ in length, and are never mixed: L = Σ_it ℓ_it / M over all predictions (token
 * mean), and ℓ_i, the mean over an item's own. Of a squared error an item is one prediction: L = mean ℓ_i = mean over rows and outputs.
 */
import type { Graph } from '../../../../nn/graph/graph.ts';
import type { Reals, RowBatch } from '../../../../nn/graph/machine.ts';
import type { AnalysedItem, MetricSetting } from '../metric.ts';

export class LossRows {
  readonly count: number;
  /** Predictions of each item. */
  readonly terms: readonly number[];
  /** M. */
  readonly total: number;
  readonly #outputs: number;

  constructor(
    readonly graph: Graph,
    readonly items: readonly AnalysedItem[],
  ) {
    this.count = items.length;
    this.terms = items.map((item) => (graph.input.kind === 'tokens' ? (item.ids ?? []).length - 1 : 1));
    this.total = this.terms.reduce((sum, terms) => sum + terms, 0);
    this.#outputs = graph.head.kind === 'squared-error' ? graph.head.outputs : 1;
  }

  /** Items `from` … `to` − 1. @param parameters vector in θ's place */
  batch(from: number, to: number, parameters?: string): RowBatch {
    return { ...rowsOf(this.graph, this.items.slice(from, to)), parameters };
  }

  /** ω of L for the rows of `batch`. */
  weights(from: number, to: number): number[][] {
    const weight = 1 / (this.total * this.#outputs);
    return this.#weights(from, to, () => weight);
  }

  /** ω of each row's own ℓ_i. */
  itemWeights(from: number, to: number): number[][] {
    return this.#weights(from, to, (item) => 1 / (this.terms[item] * this.#outputs));
  }

  /** Sum of an item's losses as `Machine.losses` gives them. */
  sumOf(losses: Reals): number {
    let sum = 0;
    for (const loss of losses) sum += loss;
    return sum;
  }

  /** L from the sums of all items. */
  mean(sums: ArrayLike<number>): number {
    let sum = 0;
    for (let item = 0; item < sums.length; item++) sum += sums[item];
    return sum / this.total;
  }

  /** L without each item in turn: of a jackknife. */
  without(sums: ArrayLike<number>): Float64Array {
    const whole = this.mean(sums) * this.total;
    return Float64Array.from(this.terms, (terms, item) => (whole - sums[item]) / (this.total - terms));
  }

  /** ℓ_i. */
  itemMeans(sums: ArrayLike<number>): Float64Array {
    return Float64Array.from(this.terms, (terms, item) => sums[item] / terms);
  }

  #weights(from: number, to: number, weight: (item: number) => number): number[][] {
    return this.items.slice(from, to).map(({ ids }, r) => {
      const own = weight(from + r);
      if (this.graph.input.kind !== 'tokens') return [own];
      const length = ids!.length;
      return Array.from({ length }, (_, t) => (t + 1 < length ? own : 0));
    });
  }
}

/** What a machine is given of items. */
export function rowsOf(graph: Graph, items: readonly AnalysedItem[]): RowBatch {
  if (graph.input.kind === 'tokens') return { ids: items.map(({ ids }) => ids ?? []) };
  const numbers = items.map((item) => item.numbers ?? []);
  return graph.head.kind === 'squared-error'
    ? { numbers, targets: items.map(({ targets }) => targets ?? []) }
    : { numbers };
}

/** Positions of an item. */
export const lengthOf = (graph: Graph, { ids }: AnalysedItem) =>
  graph.input.kind === 'tokens' ? (ids ?? []).length : 1;

/** Positions of the longest item. */
export function longestOf({ graph, items }: MetricSetting): number {
  return items.reduce((most, item) => Math.max(most, lengthOf(graph, item)), 1);
}

/** Why these items have no loss, as a sentence. @param fewest items that the metric takes */
export function lossObjection({ graph, items }: MetricSetting, fewest = 1): string | undefined {
  if (items.length < fewest) return `This metric takes ${fewest} items or more; ${items.length} are given.`;
  if (graph.input.kind === 'tokens') {
    const short = items.find(({ ids }) => (ids ?? []).length < 2);
    return short && `${short.name} has no next token to predict: a loss takes texts of two tokens or more.`;
  }
  const bare = items.find(({ numbers, targets }) => !numbers || !targets);
  return bare && `${bare.name} has no target: a squared error takes observations with their targets.`;
}
