/** Places of a grid of equal cells, filled row by row. */

export interface GridLayout {
  /** Side of a cell, px. */
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
}

/** Large enough to see a shape, small enough that ten thousand fit a screen. */
const CELL = { min: 6, max: 22 } as const;
/** Height the grid takes if cells may be as small as that needs. */
const HEIGHT = 240;

export function gridLayout(count: number, width: number): GridLayout {
  const wanted = Math.floor(Math.sqrt((width * HEIGHT) / Math.max(1, count)));
  const cell = Math.min(CELL.max, Math.max(CELL.min, wanted));
  const columns = Math.max(1, Math.floor(width / cell));
  return { cell, columns, rows: Math.ceil(count / columns) };
}

/** The cell under a point of the grid, px; undefined outside. */
export function cellAt({ cell, columns }: GridLayout, count: number, x: number, y: number): number | undefined {
  const column = Math.floor(x / cell);
  const at = Math.floor(y / cell) * columns + column;
  return x >= 0 && y >= 0 && column < columns && at < count ? at : undefined;
}

/** Where a key leads from a cell; undefined for keys that do not move. */
export function moveIn({ columns }: GridLayout, count: number, from: number, key: string): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -10 * columns,
    PageDown: 10 * columns,
    Home: -count,
    End: count,
  };
  if (!(key in steps)) return undefined;
  const to = from + steps[key];
  // Up and down stop at the edge in their own column; the rest go as far as there are cells.
  if ((key === 'ArrowUp' || key === 'ArrowDown') && (to < 0 || to >= count)) return from;
  return Math.min(count - 1, Math.max(0, to));
}
