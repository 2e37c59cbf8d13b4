/**
 * Gradients of single items, g_i = ∇ℓ_i, one row at a time: none is kept. What is told of them are inner products with themselves and with
 * their sums, from which a jackknife over items needs nothing else.
 */
import type { JsonValue } from '../../../../bundle/json.ts';
import type { Machine } from '../../../../nn/graph/machine.ts';
import type { MetricProgress } from '../metric.ts';
import { keepsVectors, keepVectors, numbersOf, restoreVectors, textOf } from './kept-numbers.ts';
import type { LossRows } from './loss-rows.ts';
import { WORK, zero } from './products.ts';
import type { Tally } from './tally.ts';

export const ITEM_GRADIENT_VECTORS = ['item', 'sum', 'whole'] as const;
const SUMS = ['sum', 'whole'] as const;

export interface ItemGradients {
  /** Sum of each item's losses. */
  readonly losses: Float64Array;
  /** ‖g_i‖² by tensor, [items][tensors]. */
  readonly squares: Float64Array;
  /** g_i · Σ g_j by tensor, [items][tensors]. */
  readonly withSum: Float64Array;
  /** g_i · ∇L by tensor, [items][tensors]. */
  readonly withWhole: Float64Array;
  /** ‖Σ g_i‖² and ‖∇L‖² by tensor. */
  readonly sum: Float64Array;
  readonly whole: Float64Array;
}

/** into ← g_i. Gives the sum of the item's losses. */
export async function itemGradient(machine: Machine, rows: LossRows, item: number, into: string): Promise<number> {
  await zero(machine, into);
  await machine.forward(rows.batch(item, item + 1));
  await machine.backward({ seed: { kind: 'loss', weights: rows.itemWeights(item, item + 1) }, into });
  return rows.sumOf((await machine.losses())[0]);
}

interface State {
  readonly [key: string]: JsonValue | undefined;
  /** Gradients made: those of the first pass, then those of the second. */
  readonly made: number;
  readonly tables: { readonly [name: string]: string };
  readonly vectors: JsonValue;
}

/** Two passes: `sum` and `whole` hold Σ g_i and ∇L = Σ (m_i/M) g_i after the first. */
export async function* itemGradients(
  machine: Machine,
  rows: LossRows,
  tally: Tally,
  saved?: JsonValue,
): AsyncGenerator<MetricProgress, ItemGradients> {
  const tensors = machine.graph.parameters.length;
  const table = () => new Float64Array(rows.count * tensors);
  const tables = { squares: table(), withSum: table(), withWhole: table(), losses: new Float64Array(rows.count) };
  const names = Object.keys(tables) as (keyof typeof tables)[];
  let made = 0;
  if (saved) {
    const state = saved as State;
    made = state.made;
    for (const name of names) tables[name].set(numbersOf(state.tables[name]));
    await restoreVectors(machine, state.vectors);
    tally.done = made * WORK.gradient;
  } else for (const name of SUMS) await zero(machine, name);
  const save = async (): Promise<JsonValue> => {
    const texts = Object.fromEntries(names.map((name) => [name, textOf(tables[name])]));
    return { made, tables: texts, vectors: await keepVectors(machine, SUMS) };
  };
  if (keepsVectors(machine, SUMS)) tally.saved = save;
  for (; made < 2 * rows.count; yield tally.add(WORK.gradient)) {
    const item = made % rows.count;
    const loss = await itemGradient(machine, rows, item, 'item');
    if (made < rows.count) {
      tables.losses[item] = loss;
      tables.squares.set(await machine.dots('item', 'item'), item * tensors);
      await machine.combine('sum', [
        [1, 'sum'],
        [1, 'item'],
      ]);
      await machine.combine('whole', [
        [1, 'whole'],
        [rows.terms[item] / rows.total, 'item'],
      ]);
    } else {
      tables.withSum.set(await machine.dots('item', 'sum'), item * tensors);
      tables.withWhole.set(await machine.dots('item', 'whole'), item * tensors);
    }
    made++;
  }
  return { ...tables, sum: await machine.dots('sum', 'sum'), whole: await machine.dots('whole', 'whole') };
}

/** ‖∇L‖² by tensor of the batch without one item, from what `itemGradients` gives. */
export function wholeWithout({ squares, withWhole, whole }: ItemGradients, rows: LossRows, item: number): Float64Array {
  const [own, rest] = [rows.terms[item] / rows.total, rows.total / (rows.total - rows.terms[item])];
  return whole.map((square, tensor) => {
    const at = item * whole.length + tensor;
    return Math.max(0, rest * rest * (square - 2 * own * withWhole[at] + own * own * squares[at]));
  });
}
