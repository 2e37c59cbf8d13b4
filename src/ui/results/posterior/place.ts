import type { Peak } from '../../../stats/peaks.ts';
import type { Frame } from '../../charts/axes.ts';
import { type Range, rangeOf } from '../../charts/scale.ts';
import { groupBy } from '../../shared/groupBy.ts';

export type RecoveryView = 'estimate' | 'error';

export interface RecoveryPoint {
  readonly index: number;
  readonly runId: string;
  readonly truth: number;
  readonly mean: number;
  readonly sd: number;
  readonly converged: boolean;
  /** Of draws with several: no mean stands for them. */
  readonly peaks?: readonly Peak[];
}

/** An item with its place in the plot. */
export interface Placed extends RecoveryPoint {
  readonly x: number;
  /** Where it is pointed at: the mean, or the middle of the peak that is nearest to the truth. */
  readonly y: number;
  /** Mean ± sd, or the interval of each peak. */
  readonly bars: readonly { readonly low: number; readonly high: number }[];
}

/** Items that share a truth are set side by side over at most this part of the axis: apart to the eye, and still at their truth. */
const AXIS_SHARE = 0.01;
/** And over at most this part of the distance to the next truth, so that neighbours never mix. */
const GAP_SHARE = 0.25;
/** How far from a mark the pointer may be to mean it. */
const REACH_PX = 12;
/** With a single truth the axis reaches this many of the largest error bars to either side. */
const LONE_TRUTH_SDS = 2;

/** Range of the axis of truths. */
export function truthAxis(points: readonly RecoveryPoint[]): Range {
  const truths = points.map(({ truth }) => truth);
  const [low, high] = [Math.min(...truths), Math.max(...truths)];
  const reach = LONE_TRUTH_SDS * Math.max(...points.map(({ sd }) => sd));
  return low === high && reach > 0 ? { min: low - reach, max: high + reach } : rangeOf(truths);
}

/** Places items; equal truths are spread sideways a little, so that their bars do not hide each other. */
export function place(points: readonly RecoveryPoint[], view: RecoveryView): Placed[] {
  const groups = groupBy(points, ({ truth }) => truth);
  const truths = [...groups.keys()].sort((a, b) => a - b);
  const gaps = truths.slice(1).map((truth, i) => truth - truths[i]);
  const axis = truthAxis(points);
  const width = Math.min(AXIS_SHARE * (axis.max - axis.min), GAP_SHARE * Math.min(...gaps));
  return [...groups.values()].flatMap((group) =>
    group.map((point, i) => ({
      ...point,
      x: point.truth + (group.length > 1 ? width * (i / (group.length - 1) - 0.5) : 0),
      ...upright(point, view === 'error' ? point.truth : 0),
    })),
  );
}

/** Of a point on its vertical line, counted from a value. */
function upright({ truth, mean, sd, peaks }: RecoveryPoint, from: number): Pick<Placed, 'y' | 'bars'> {
  const spans = peaks ?? [{ low: mean - sd, high: mean + sd }];
  const middles = peaks?.map(({ low, high }) => (low + high) / 2) ?? [mean];
  const [nearest] = middles.toSorted((a, b) => Math.abs(a - truth) - Math.abs(b - truth));
  return { y: nearest - from, bars: spans.map(({ low, high }) => ({ low: low - from, high: high - from })) };
}

/** The item whose mark is nearest to a place on the canvas, in CSS px; none when the nearest is further off than a finger is wide. */
export function nearest(
  placed: readonly Placed[],
  frame: Pick<Frame, 'x' | 'y'>,
  at: { readonly x: number; readonly y: number },
): Placed | undefined {
  let [found, least]: [Placed | undefined, number] = [undefined, REACH_PX];
  for (const point of placed) {
    const distance = Math.hypot(frame.x(point.x) - at.x, frame.y(point.y) - at.y);
    if (distance <= least) [found, least] = [point, distance];
  }
  return found;
}

/** The part of the line "estimate = truth" that both axes show; none where they share no value. */
export function equalityLine(x: Range, y: Range): [{ x: number; y: number }, { x: number; y: number }] | undefined {
  const [low, high] = [Math.max(x.min, y.min), Math.min(x.max, y.max)];
  return low < high
    ? [
        { x: low, y: low },
        { x: high, y: high },
      ]
    : undefined;
}
