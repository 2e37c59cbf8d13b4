/**
 * The cheapest pairing of n rows with n columns: shortest augmenting paths with dual prices (Jonker and Volgenant, Computing 38 (1987) 325;
 * Crouse, IEEE Trans. Aerosp. Electron. Syst. 52 (2016) 1679, the method of SciPy's linear_sum_assignment). O(n³) at worst.
 */
import { StatsInputError } from '../errors.ts';

export interface Assignment {
  /** Column of each row. */
  readonly columns: Int32Array;
  /** Sum of the costs of the pairs. */
  readonly cost: number;
  /** Prices with rows[i] + columns[j] ≤ cost(i, j), equal on the pairs: the dual solution. */
  readonly rowPrices: Float64Array;
  readonly columnPrices: Float64Array;
}

/** @param costs row-major n × n. @throws StatsInputError where one is not finite */
export function assign(costs: Float64Array, n: number): Assignment {
  if (costs.length !== n * n) throw new StatsInputError(`costs has ${costs.length} entries; ${n} × ${n} are needed`);
  const bad = costs.findIndex((cost) => !Number.isFinite(cost));
  if (bad >= 0)
    throw new StatsInputError(`cost ${Math.floor(bad / n)}, ${bad % n} is ${costs[bad]}, which is not finite`);
  const u = new Float64Array(n);
  const v = new Float64Array(n);
  const columnOf = new Int32Array(n).fill(-1);
  const rowOf = new Int32Array(n).fill(-1);
  const shortest = new Float64Array(n);
  const before = new Int32Array(n);
  const open = new Int32Array(n);
  const doneRow = new Uint8Array(n);
  const doneColumn = new Uint8Array(n);
  for (let start = 0; start < n; start++) {
    shortest.fill(Number.POSITIVE_INFINITY);
    doneRow.fill(0);
    doneColumn.fill(0);
    let openCount = n;
    for (let j = 0; j < n; j++) open[j] = n - 1 - j;
    let length = 0;
    let row = start;
    let sink = -1;
    while (sink < 0) {
      doneRow[row] = 1;
      let best = -1;
      let lowest = Number.POSITIVE_INFINITY;
      const base = length - u[row];
      for (let at = 0; at < openCount; at++) {
        const j = open[at];
        const reach = base + costs[row * n + j] - v[j];
        if (reach < shortest[j]) {
          before[j] = row;
          shortest[j] = reach;
        }
        // Of equally near columns a free one ends the search.
        if (shortest[j] < lowest || (shortest[j] === lowest && rowOf[j] < 0)) {
          lowest = shortest[j];
          best = at;
        }
      }
      length = lowest;
      const column = open[best];
      open[best] = open[--openCount];
      doneColumn[column] = 1;
      if (rowOf[column] < 0) sink = column;
      else row = rowOf[column];
    }
    u[start] += length;
    for (let i = 0; i < n; i++) if (doneRow[i] && i !== start) u[i] += length - shortest[columnOf[i]];
    for (let j = 0; j < n; j++) if (doneColumn[j]) v[j] -= length - shortest[j];
    for (let column = sink; ; ) {
      const from = before[column];
      rowOf[column] = from;
      const next = columnOf[from];
      columnOf[from] = column;
      if (from === start) break;
      column = next;
    }
  }
  let cost = 0;
  for (let i = 0; i < n; i++) cost += costs[i * n + columnOf[i]];
  return { columns: columnOf, cost, rowPrices: u, columnPrices: v };
}
