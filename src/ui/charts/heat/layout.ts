/** Where the squares and words of a heat map lie, and which square lies at a place. */
import { BAR_HEIGHT } from '../colour-bar.ts';
import type { Colouring } from '../colour-scale.ts';
import { type Pen, textWidth } from '../pen.ts';

/** Neighbouring rows or columns that belong together, both ends included. */
export interface Group {
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

export interface Heat {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** [rows][columns]; NaN is not drawn. */
  readonly values: ArrayLike<number>;
  readonly colouring: Colouring;
  /** "layer", "token". */
  readonly rowTitle?: string;
  readonly columnTitle?: string;
  /** The first row is at the bottom. */
  readonly upwards?: boolean;
  /** Squares as high as wide. */
  readonly square?: boolean;
  /** Only squares on and below the diagonal are drawn. */
  readonly triangle?: boolean;
  /** Values written into squares where they have room. */
  readonly numbers?: (value: number) => string;
  readonly rowGroups?: readonly Group[];
  readonly columnGroups?: readonly Group[];
  /** What the colours are of. */
  readonly quantity: string;
  /** Size of a square at most, px. */
  readonly largest?: number;
  /** Draws what stands in a square's place. */
  readonly paint?: (pen: Pen, spot: Spot, box: Box) => void;
  /** Room for as many rows, so that nothing moves between quantities. */
  readonly roomFor?: number;
}

/** px */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface HeatLayout {
  /** Upper left corner and size of the squares' field, px. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Size of a square, px. */
  readonly w: number;
  readonly h: number;
  readonly rowLabels: Labels;
  readonly columnLabels: Labels;
  /** Of the whole drawing. */
  readonly total: number;
  /** Top of the colour bar. */
  readonly bar: number;
}

export interface Labels {
  /** Names, or places where names have no room. */
  readonly what: 'names' | 'places';
  /** Columns: names stand upright. */
  readonly turned: boolean;
  /** Every how many. */
  readonly every: number;
  /** Room for them, px. */
  readonly room: number;
}

export const LABEL_PX = 11;
/** px */
const TITLE_ROOM = 16;
const GROUP_ROOM = 18;
const RIGHT = 6;
const TOP = 6;
const LARGEST = 46;
const TALLEST = 560;
const MOST_LABEL = 96;
/** Of a name's line; closer, names would touch. */
const NAME_LINE = 12;
/** Between places that are written as numbers. */
const PLACES_APART = 44;

export function heatLayout(heat: Heat, across: number): HeatLayout {
  const [ny, nx] = [heat.rows.length, heat.columns.length];
  const grouped = heat.rowGroups || heat.columnGroups ? GROUP_ROOM : 0;
  const rowTitle = heat.rowTitle ? TITLE_ROOM : 0;
  const widest = Math.min(across * 0.34, MOST_LABEL * 1.5, longest(heat.rows) + 10);
  const placesWide = textWidth(String(ny), LABEL_PX) + 10;
  const sizes = (left: number) => {
    const room = across - left - RIGHT;
    let w = Math.min(room / nx, heat.largest ?? (heat.square ? LARGEST : 72));
    if (heat.square) w = Math.min(w, TALLEST / ny);
    const down = Math.max(ny, heat.roomFor ?? 0);
    return { w, h: heat.square ? w : Math.min(22, TALLEST / down) };
  };
  const first = rowTitle + grouped;
  const named = sizes(first + widest).h >= NAME_LINE;
  const rowRoom = named ? widest : placesWide;
  const left = first + rowRoom;
  const { w, h } = sizes(left);
  const columnLabels = columnLabelsOf(heat.columns, w);
  const top = grouped || TOP;
  const height = h * ny;
  const field = h * Math.max(ny, heat.roomFor ?? 0);
  const bar = top + field + columnLabels.room + (heat.columnTitle ? TITLE_ROOM : 0) + 10;
  return {
    left,
    // Upwards, what is missing is missing on top.
    top: heat.upwards ? top + field - height : top,
    width: w * nx,
    height,
    w,
    h,
    rowLabels: {
      what: named ? 'names' : 'places',
      turned: false,
      every: named ? 1 : roundStride(PLACES_APART / 2 / h),
      room: rowRoom,
    },
    columnLabels,
    bar,
    total: bar + BAR_HEIGHT,
  };
}

function columnLabelsOf(names: readonly string[], w: number): Labels {
  const widest = longest(names);
  if (widest + 6 <= w) return { what: 'names', turned: false, every: 1, room: 18 };
  if (w >= NAME_LINE) return { what: 'names', turned: true, every: 1, room: Math.min(MOST_LABEL, widest) + 8 };
  return { what: 'places', turned: false, every: roundStride(PLACES_APART / w), room: 18 };
}

const longest = (names: readonly string[]) =>
  names.reduce((most, name) => Math.max(most, textWidth(name, LABEL_PX)), 0);

/** The next of 1, 2, 5, 10, 20 … */
export function roundStride(least: number): number {
  if (least <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].find((factor) => factor * power >= least - 1e-9)! * power;
}

export interface Spot {
  readonly row: number;
  readonly column: number;
}

/** The square at a place; undefined outside of the field. */
export function spotAt(heat: Heat, layout: HeatLayout, x: number, y: number): Spot | undefined {
  const column = Math.floor((x - layout.left) / layout.w);
  const line = Math.floor((y - layout.top) / layout.h);
  if (column < 0 || column >= heat.columns.length || line < 0 || line >= heat.rows.length) return undefined;
  return { row: heat.upwards ? heat.rows.length - 1 - line : line, column };
}

/** Top of a row, px. */
export const rowTop = (heat: Heat, layout: HeatLayout, row: number): number =>
  layout.top + (heat.upwards ? heat.rows.length - 1 - row : row) * layout.h;

const STEPS: Readonly<Record<string, readonly [up: number, right: number] | undefined>> = {
  ArrowUp: [1, 0],
  ArrowDown: [-1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Where a key leads to from a square: arrows by one, with Shift by ten, Home and End to the ends of the row; undefined for other keys. */
export function spotByKey(heat: Heat, from: Spot | undefined, key: string, far: boolean): Spot | undefined {
  const [ny, nx] = [heat.rows.length, heat.columns.length];
  if (key === 'Home' || key === 'End')
    return { row: from?.row ?? 0, column: key === 'Home' ? 0 : lastColumn(heat, from?.row ?? 0) };
  const step = STEPS[key];
  if (!step) return undefined;
  if (!from) return { row: 0, column: 0 };
  const by = far ? 10 : 1;
  const row = within(from.row + (heat.upwards ? by : -by) * step[0], ny);
  return { row, column: Math.min(within(from.column + by * step[1], nx), lastColumn(heat, row)) };
}

const lastColumn = (heat: Heat, row: number) =>
  heat.triangle ? Math.min(row, heat.columns.length - 1) : heat.columns.length - 1;

const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
