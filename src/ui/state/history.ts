/** What the live plots show over time: a ring of fixed size that thins itself, so a day-long run costs what a minute's does. */

export interface HistoryPoint {
  /** Seconds since the run started, pauses left out. */
  readonly seconds: number;
  readonly itemsPerSecond: number;
  readonly gradientsPerSecond: number;
  readonly bytes: number;
}

export interface History {
  readonly points: readonly HistoryPoint[];
  /** Smallest distance in seconds between two points kept from here on. */
  readonly spacing: number;
}

const CAPACITY = 480;
/** The screen changes at most ten times a second. */
const FIRST_SPACING_SECONDS = 0.1;

export const emptyHistory: History = { points: [], spacing: FIRST_SPACING_SECONDS };

/** The history with one more point. When it is full every second point goes and the spacing doubles. */
export function remember(history: History, point: HistoryPoint): History {
  const last = history.points.at(-1);
  if (last && point.seconds - last.seconds < history.spacing) return history;
  if (history.points.length < CAPACITY) return { ...history, points: [...history.points, point] };
  return { points: [...history.points.filter((_, index) => index % 2 === 0), point], spacing: history.spacing * 2 };
}
