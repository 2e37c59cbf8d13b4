/** Deletion curves: what is explained after the tokens that count most are put back to the baseline, against random orders. */
import type { Machine } from '../../../../nn/graph/machine.ts';
import { beginAt, takesIds } from './items.ts';
import type { Path } from './paths.ts';
import { kept } from './paths.ts';
import type { Count, Phase } from './pieces.ts';
import { type Readout, scoresOf } from './readout.ts';

/** Shares of the tokens that are gone, in tenths: 0 and 10 are the two ends of the path. */
const TENTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
/** Points of a curve, both ends among them. */
export const CURVE_POINTS = TENTHS.length + 2;

/** Rows of all curves of an item: its own order and the random ones. */
export const curveRows = (orders: number): number => TENTHS.length * (1 + orders);

/** What is left of an item when the first tokens of an order are back at the baseline. */
function without({ from, to }: Path, order: ArrayLike<number>, tenths: number, width: number): Float64Array {
  const out = to.slice();
  for (let j = 0; j < Math.round((tenths * order.length) / 10); j++) {
    const at = order[j] * width;
    out.set(from.subarray(at, at + width), at);
  }
  return out;
}

export interface Curves {
  readonly path: Path;
  /** The first by attribution, the others random; parts of an item in the order in which they go. */
  readonly orders: readonly ArrayLike<number>[];
  /** Numbers of a part: a token's embedding; of an observation each number is a part. */
  readonly width: number;
}

/** f of every row into `into`, [item][order][tenth]. */
export function deletionPhase(options: {
  readonly count: Count;
  readonly machine: Machine;
  readonly readout: Readout;
  readonly orders: number;
  curves(item: number): Curves;
  readonly into: Float64Array;
}): Phase {
  const { machine, readout, orders, into } = options;
  const { graph } = machine;
  const each = curveRows(orders);
  const curvesOf = kept(options.curves, machine.options.rows + 1);
  return {
    ...options.count,
    async piece(from, most) {
      const rows = Array.from({ length: most }, (_, r) => {
        const [item, place] = [Math.floor((from + r) / each), (from + r) % each];
        const { path, orders: all, width } = curvesOf(item);
        const order = all[Math.floor(place / TENTHS.length)];
        return { path, numbers: without(path, order, TENTHS[place % TENTHS.length], width) };
      });
      await machine.forward({
        ...(takesIds(graph) && { ids: rows.map(({ path }) => path.ids) }),
        ...beginAt(
          graph,
          graph.embedded,
          rows.map(({ numbers }) => numbers),
        ),
      });
      const scores = await scoresOf(
        machine,
        readout,
        rows.map(({ path }) => path.target),
      );
      into.set(scores, from);
      return most;
    },
  };
}

/** [item][order][CURVE_POINTS]: (f − f(b)) / (f(e) − f(b)), 1 with all tokens and 0 without. */
export function normalisedCurves(found: ArrayLike<number>, ends: ArrayLike<number>, orders: number): Float64Array {
  const items = ends.length / 2;
  const out = new Float64Array(items * (1 + orders) * CURVE_POINTS);
  for (let i = 0; i < items; i++) {
    const [whole, nothing] = [ends[2 * i], ends[2 * i + 1]];
    for (let o = 0; o <= orders; o++) {
      const row = i * (1 + orders) + o;
      out[row * CURVE_POINTS] = 1;
      for (let j = 0; j < TENTHS.length; j++)
        out[row * CURVE_POINTS + j + 1] = (found[row * TENTHS.length + j] - nothing) / (whole - nothing);
    }
  }
  return out;
}
