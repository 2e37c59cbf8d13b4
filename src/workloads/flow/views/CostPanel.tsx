import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { grouped, plain } from '../../../ui/format.ts';
import statistics from '../../../ui/results/posterior/statistics/Statistics.module.css';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import { Empty, Panel } from '../../../ui/shared/Panel.tsx';
import { isActive, useStore } from '../../../ui/state/store.ts';
import { cancelMeasure, MEASURED, measureLadder } from './actions.ts';
import { CostChart } from './CostChart.tsx';
import { nameOf } from './EvaluationsField.tsx';
import { LADDER } from './evaluations.ts';
import classes from './Flow.module.css';
import { problemKey } from './keys.ts';
import { type CostPoint, useFlow } from './store.ts';

const COLUMNS: readonly Column<CostPoint>[] = [
  {
    key: 'solver',
    title: 'Solver',
    cell: ({ solver, steps, precision, source }) => (
      <>
        {nameOf(solver)} × {steps}
        <span className={statistics.soft}>
          {precision}, {source === 'run' ? 'a run' : 'measured here'}
        </span>
      </>
    ),
  },
  {
    key: 'evaluations',
    title: 'Evaluations',
    about: 'Evaluations of the network a sample; the mean where each takes its own.',
    numeric: true,
    cell: ({ evaluations }) => (Number.isInteger(evaluations) ? grouped(evaluations) : plain(evaluations, 4)),
  },
  {
    key: 'c2st',
    title: 'C2ST',
    about: `Share of samples that a classifier tells from exact draws, ${grouped(MEASURED)} of each: 0.5 is perfect, 1 is nothing in common. Below it the same for a second set of exact draws: what a perfect sampler gets.`,
    numeric: true,
    cell: ({ c2st, selfControl }) => (
      <>
        {c2st.toFixed(3)}
        <span className={statistics.soft}>exact: {selfControl.toFixed(3)}</span>
      </>
    ),
  },
  {
    key: 'distance',
    title: 'W2',
    about:
      'Sliced Wasserstein distance from the exact draws in the units of the parameters, mean over directions; below it that of a second set of exact draws. Where a posterior has several modes, how many samples chance puts into each makes most of it.',
    numeric: true,
    cell: ({ distance, distanceControl }) => (
      <>
        {plain(distance, 2)}
        <span className={statistics.soft}>exact: {plain(distanceControl, 2)}</span>
      </>
    ),
  },
  {
    key: 'speed',
    title: 'Samples/s',
    about: 'Measured: of a run over all of it, of a measurement with its few samples alone, which fill no GPU.',
    numeric: true,
    cell: ({ samplesPerSecond }) => plain(samplesPerSecond, 3),
  },
];

/** C2ST over evaluations: a point for every run of this visit, and for what was measured. */
export function CostPanel() {
  const config = useStore((store) => store.config);
  const files = useStore((store) => store.files);
  const active = useStore(isActive);
  const ready = useStore((store) => store.device !== undefined && Object.keys(store.fieldErrors).length === 0);
  const { points, item, measuring, measureProblem, exact } = useFlow();
  const problem = problemKey(config, files, item);
  const shown = useMemo(() => points.filter((point) => point.problem === problem), [points, problem]);
  const adaptive = config.params.solver === 'dopri5';
  return (
    <Panel
      title="What accuracy costs"
      about={`How well a classifier tells samples from exact draws (C2ST, ${grouped(MEASURED)} of each, so ± 0.015) against the evaluations of the network that each sample took. 0.5 is perfect; the dashed line is a second set of exact draws. Every run of this visit adds a point for the observation above.`}
      aside={
        measuring ? (
          <>
            <span className={classes.soft} role="status">
              {measuring.done} of {measuring.total}
            </span>
            <Button size="xs" variant="default" onClick={cancelMeasure}>
              Cancel
            </Button>
          </>
        ) : (
          <Button
            size="xs"
            variant="light"
            disabled={!ready || active || adaptive || exact?.draws === undefined}
            title={adaptive ? 'Steps of adapted length take as many evaluations as they need' : undefined}
            onClick={() => void measureLadder(config)}
            data-testid="flow-measure"
          >
            Measure {LADDER[0]} to {LADDER[LADDER.length - 1]}
          </Button>
        )
      }
    >
      {shown.length > 0 ? (
        <>
          <CostChart points={shown} />
          <details className={classes.details}>
            <summary>The points as a table</summary>
            <DataTable
              caption="What accuracy costs"
              testId="flow-cost-table"
              columns={COLUMNS}
              rows={shown}
              rowKey={({ id }) => id}
            />
          </details>
        </>
      ) : (
        <Empty>
          Run, and a point appears here for what it cost; or measure {LADDER.join(', ')} evaluations with this solver
          and precision.
        </Empty>
      )}
      {measureProblem?.problem === problem && (
        <p className={classes.problem} role="alert">
          Not measured: {measureProblem.words}
        </p>
      )}
    </Panel>
  );
}
