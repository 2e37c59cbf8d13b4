import { groupBy } from '../shared/groupBy.ts';
import type { RecoveryPoint, RecoveryView } from './RecoveryPanel.tsx';

/** An item with its place in the plot. */
export interface Placed extends RecoveryPoint {
  readonly x: number;
  readonly y: number;
}

/** Items that share a truth are set side by side over this part of the truths' spacing. */
const SPREAD = 0.5;

/** Places items; equal truths are spread sideways a little, so that their bars do not hide each other. */
export function place(points: readonly RecoveryPoint[], view: RecoveryView): Placed[] {
  const groups = groupBy(points, ({ truth }) => truth);
  const truths = [...groups.keys()].sort((a, b) => a - b);
  const gaps = truths.slice(1).map((truth, i) => truth - truths[i]);
  // With a single truth there is no spacing; then as wide as the bars are high, so that both axes have one scale.
  const spacing = gaps.length > 0 ? Math.min(...gaps) : 4 * Math.max(...points.map(({ sd }) => sd));
  const width = SPREAD * spacing;
  return [...groups.values()].flatMap((group) =>
    group.map((point, i) => ({
      ...point,
      x: point.truth + (group.length > 1 ? width * (i / (group.length - 1) - 0.5) : 0),
      y: view === 'error' ? point.mean - point.truth : point.mean,
    })),
  );
}
