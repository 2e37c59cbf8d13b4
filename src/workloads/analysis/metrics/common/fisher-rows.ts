/** Rows whose squared gradients sum to a Fisher information: one a prediction, and class or label where it takes them. */
import type { Machine, Seed } from '../../../../nn/graph/machine.ts';
import type { AnalysedItem } from '../metric.ts';
import { STREAM, uniformAt } from './addressed.ts';
import { type LossRows, rowsOf } from './loss-rows.ts';

export type FisherKind =
  /** (1/M) Σ g_m g_mᵀ over predictions, observed labels. */
  | 'token'
  /** (1/N) Σ g_i g_iᵀ, g_i = ∇ℓ_i. */
  | 'item'
  /** Expectation over labels that the model itself gives: over all classes. */
  | 'exact'
  /** The same over labels drawn from the model. */
  | 'sampled';

export interface FisherRow {
  readonly item: number;
  readonly position: number;
  /** Class of an exact sum, or label drawn. */
  readonly index: number;
}

/** Rows of one item. @param labels drawn, one a prediction */
export function fisherRows(
  rows: LossRows,
  kind: FisherKind,
  item: number,
  labels: ArrayLike<number> = [],
): FisherRow[] {
  if (kind === 'item') return [{ item, position: 0, index: 0 }];
  const { head } = rows.graph;
  const classes = head.kind === 'squared-error' ? head.outputs : head.vocabulary;
  return Array.from({ length: rows.terms[item] }, (_, position): FisherRow[] =>
    kind === 'exact'
      ? Array.from({ length: classes }, (_, index) => ({ item, position, index }))
      : [{ item, position, index: kind === 'sampled' ? labels[position] : 0 }],
  ).flat();
}

/** Adds the gradient of every row, or its squares. Nothing behind a prediction's label is computed. */
export async function addRows(
  machine: Machine,
  rows: LossRows,
  kind: FisherKind,
  some: readonly FisherRow[],
  into: string,
  square: boolean,
): Promise<void> {
  const whole = kind === 'item' || rows.graph.input.kind !== 'tokens';
  const own = some.map(({ item, position }): AnalysedItem => {
    const { ids, ...rest } = rows.items[item];
    return whole ? rows.items[item] : { ...rest, ids: ids!.slice(0, position + 2) };
  });
  await machine.forward(rowsOf(rows.graph, own));
  await machine.backward({ seed: seedOf(rows, kind, some, own), into, square });
}

function seedOf(rows: LossRows, kind: FisherKind, some: readonly FisherRow[], own: readonly AnalysedItem[]): Seed {
  const { head } = rows.graph;
  if (kind === 'exact') {
    const squared = head.kind === 'squared-error';
    const weight = squared ? Math.sqrt(2 / head.outputs) : 1;
    const picks = some.map(({ position, index }, row) => ({ row, position, index, weight }));
    return { kind: squared ? 'outputs' : 'class', picks };
  }
  const weights = some.map(({ item, position }, r) => {
    if (kind === 'item' || head.kind === 'squared-error') return rows.itemWeights(item, item + 1)[0];
    return Array.from(own[r].ids!, (_, t) => Number(t === position));
  });
  if (kind !== 'sampled') return { kind: 'loss', weights };
  // Weights are 0 but at the prediction, so what stands elsewhere is never looked at.
  const labels = some.map(({ index }, r) => Array.from(own[r].ids!, () => index));
  return { kind: 'labels', labels, weights };
}

/** Labels that the model itself gives, one a prediction of an item: draw `draw` of prediction m is addressed by both. */
export async function drawLabels(
  machine: Machine,
  rows: LossRows,
  item: number,
  draw: number,
  seed: number,
): Promise<number[]> {
  await machine.forward(rows.batch(item, item + 1));
  const [logits] = await machine.read('value', rows.graph.output);
  const width = rows.graph.widths[rows.graph.output];
  const first = rows.terms.slice(0, item).reduce((sum, terms) => sum + terms, 0);
  return Array.from({ length: rows.terms[item] }, (_, t) => {
    const own = logits.subarray(t * width, (t + 1) * width);
    return classAt(own, uniformAt(seed, STREAM.label + draw, first + t));
  });
}

/** First class at which the sum of probabilities passes u. */
function classAt(logits: ArrayLike<number>, u: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < logits.length; c++) most = Math.max(most, logits[c]);
  let whole = 0;
  for (let c = 0; c < logits.length; c++) whole += Math.exp(logits[c] - most);
  let left = u * whole;
  for (let c = 0; c < logits.length; c++) {
    left -= Math.exp(logits[c] - most);
    if (left < 0) return c;
  }
  return logits.length - 1;
}
