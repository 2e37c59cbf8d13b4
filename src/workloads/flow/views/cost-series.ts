/** Points of the cost chart by what was tried. */

import { MARKS, type Mark } from '../../../ui/charts/axes.ts';
import { groupBy } from '../../../ui/shared/groupBy.ts';
import type { Solver } from '../sampling/solvers.ts';
import type { CostPoint } from './store.ts';

/** Series colours that there are. */
const COLORS = 6;

export interface Series {
  readonly solver: Solver;
  readonly precision: CostPoint['precision'];
  readonly mark: Mark;
  readonly color: number;
  readonly points: readonly CostPoint[];
}

/** In the order in which they came, so that a series keeps its mark and colour when another is added. */
export function seriesOf(points: readonly CostPoint[]): Series[] {
  const groups = groupBy(points, ({ solver, precision }) => `${solver} ${precision}`);
  return [...groups.values()].map((own, at) => ({
    solver: own[0].solver,
    precision: own[0].precision,
    mark: MARKS[at % MARKS.length],
    color: at % COLORS,
    points: own.toSorted((a, b) => a.evaluations - b.evaluations),
  }));
}
