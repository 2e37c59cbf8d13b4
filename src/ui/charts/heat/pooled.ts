interface Shape {
  readonly rows: number;
  readonly columns: number;
  /** The first row is at the bottom. */
  readonly upwards?: boolean;
  /** Only what lies on and below the diagonal is drawn. */
  readonly triangle?: boolean;
}

interface Field {
  readonly nx: number;
  readonly ny: number;
  /** [ny][nx], the first row on top. */
  readonly values: Float64Array;
}

/**
 * The values as they are drawn: from the top down, and where there are more than `across` × `down`, the one that is farthest from zero of
 * all that fall on a place, so that no strong one is lost between places. NaN where a triangle has none.
 */
export function pooledField(
  { rows, columns, upwards, triangle }: Shape,
  valueAt: (at: number) => number,
  across: number,
  down: number,
): Field {
  const [nx, ny] = [Math.max(1, Math.min(columns, across)), Math.max(1, Math.min(rows, down))];
  const values = new Float64Array(nx * ny).fill(Number.NaN);
  for (let row = 0; row < rows; row++) {
    const line = Math.floor(((upwards ? rows - 1 - row : row) * ny) / rows);
    const end = triangle ? Math.min(columns, row + 1) : columns;
    for (let column = 0; column < end; column++) {
      const value = valueAt(row * columns + column);
      const at = line * nx + Math.floor((column * nx) / columns);
      if (Number.isNaN(values[at]) || Math.abs(value) > Math.abs(values[at])) values[at] = value;
    }
  }
  return { nx, ny, values };
}
