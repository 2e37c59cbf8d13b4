import { Button, Progress } from '@mantine/core';
import { c2stChance } from '../../../results/posterior/quality/chance.ts';
import { type ItemQuality, QUALITY_POINTS } from '../../../results/posterior/quality/types.ts';
import { fixed, grouped, plain, scientific } from '../../../ui/format.ts';
import statistics from '../../../ui/results/posterior/statistics/Statistics.module.css';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import { Empty, Panel } from '../../../ui/shared/Panel.tsx';
import { isActive, useStore } from '../../../ui/state/store.ts';
import classes from './Flow.module.css';
import { c2stVerdict } from './quality-words.ts';
import { TarpChart } from './TarpChart.tsx';
import { useQuality } from './useQuality.ts';
import { VerdictLine } from './VerdictLine.tsx';

const controlled = (
  key: 'c2st' | 'mmd2' | 'slicedW2',
  title: string,
  about: string,
  decimals: (value: number) => string,
): Column<ItemQuality> => ({
  key,
  title,
  about,
  numeric: true,
  cell: (row) => (
    <>
      {decimals(row[key].value)}
      <span className={statistics.soft}>exact: {decimals(row[key].control)}</span>
    </>
  ),
});

const COLUMNS: readonly Column<ItemQuality>[] = [
  { key: 'run', title: 'Observation', cell: ({ runId }) => runId },
  controlled(
    'c2st',
    'C2ST',
    'Share of points that a classifier, trained as sbibm has it, tells right between samples and exact draws: 0.5 is perfect. Below it the same for a second set of exact draws.',
    (value) => value.toFixed(3),
  ),
  controlled(
    'slicedW2',
    'Sliced W2',
    'Mean distance that samples would have to move to become exact draws, over directions, in the units of the parameters.',
    (value) => plain(value, 2),
  ),
  controlled(
    'mmd2',
    'MMD²',
    'Squared maximum mean discrepancy with a Gaussian kernel; around 0 where nothing is wrong, often below.',
    (value) => scientific(value, 1),
  ),
  {
    key: 'shift',
    title: 'Mean shift',
    about:
      'The largest difference of a mean from the exact one, in exact standard deviations, with the error that chance gives.',
    numeric: true,
    cell: ({ parameters, meanShiftError }) => {
      const worst = parameters.reduce((most, row) => (Math.abs(row.meanShift) > Math.abs(most.meanShift) ? row : most));
      return `${fixed(worst.meanShift, 3)} ± ${fixed(meanShiftError, 3)} (${worst.name})`;
    },
  },
  {
    key: 'ratio',
    title: 'sd ratio',
    about: 'Standard deviation over the exact one, of the parameter where it is farthest from 1.',
    numeric: true,
    cell: ({ parameters }) => {
      const far = (ratio: number) => Math.abs(Math.log(ratio));
      const worst = parameters.reduce((most, row) => (far(row.sdRatio) > far(most.sdRatio) ? row : most));
      return `${fixed(worst.sdRatio, 3)} (${worst.name})`;
    },
  },
  {
    key: 'outside',
    title: 'Outside',
    about: 'Share of the network’s samples that lay outside the prior.',
    numeric: true,
    cell: ({ outsidePrior }) => `${(100 * outsidePrior).toFixed(1)} %`,
  },
];

/** How good the samples are: against exact ones, and against their truths. */
export function QualityPanel() {
  const { state, measure, cancel } = useQuality();
  const active = useStore(isActive);
  const finished = useStore((store) => store.summaries.length);
  const { status, progress, quality, problem } = state;
  const rows = status === 'working' || status === 'cancelled' ? state.compared : (quality?.compared ?? []);
  const working = status === 'working';
  const left = working ? [] : (quality?.failed ?? []);
  const leftOut = left.map(({ runId, reason }) => (
    <li key={runId}>
      <VerdictLine good={false} lead={runId} words={`left out: ${reason}.`} />
    </li>
  ));
  return (
    <Panel
      title="Quality"
      about="Samples are held against draws from the exact posterior of the same observation, five observations at most. Beside each number stands the same for a second set of exact draws: what a perfect sampler gets. The full measure takes 10,000 points on either side, as sbibm does, and minutes; the quick one 1,000 and seconds."
      aside={
        working ? (
          <Button size="xs" variant="default" onClick={cancel} data-testid="quality-cancel">
            Cancel
          </Button>
        ) : (
          <>
            <Button
              size="xs"
              variant="light"
              disabled={active || finished === 0}
              onClick={() => measure('quick')}
              data-testid="quality-quick"
            >
              Measure quickly
            </Button>
            <Button size="xs" variant="default" disabled={active || finished === 0} onClick={() => measure('full')}>
              Measure in full
            </Button>
          </>
        )
      }
    >
      {working && (
        <div className={classes.progress} role="status">
          <Progress value={100 * (progress?.fraction ?? 0)} aria-label="Progress of the measurement" />
          <p className={classes.note}>
            {progress?.what ?? 'Beginning'}, {Math.round(100 * (progress?.fraction ?? 0))} %
          </p>
        </div>
      )}
      {problem && (
        <p className={classes.problem} role="alert">
          Not measured: {problem}
        </p>
      )}
      {rows.length > 0 ? (
        <>
          <ul className={classes.verdicts} data-testid="quality-verdicts">
            {rows.map((row) => (
              <li key={row.index}>
                <VerdictLine {...c2stVerdict(row.c2st, row.points)} lead={row.runId} />
              </li>
            ))}
            {leftOut}
          </ul>
          <DataTable
            caption="Samples against exact draws"
            testId="quality-table"
            columns={COLUMNS}
            rows={rows}
            rowKey={({ index }) => index}
          />
          <p className={classes.note}>
            {grouped(rows[0].points)} points on either side
            {rows[0].points < QUALITY_POINTS.full ? ': a quick look' : ', as sbibm has it'}; chance alone moves a C2ST
            by ± {c2stChance(rows[0].points).toFixed(3)} (one standard error). C2ST 0.5: cannot be told apart, 1:
            nothing in common. Sliced W2 and MMD² of 0: the same distribution; “exact” is how far two sets of exact
            draws are from each other by chance.
            {status === 'cancelled' ? ' Cancelled: what was done is shown.' : ''}
          </p>
        </>
      ) : (
        !working &&
        (left.length > 0 ? (
          <ul className={classes.verdicts} data-testid="quality-verdicts">
            {leftOut}
          </ul>
        ) : (
          <Empty>
            C2ST, distances and moments of the first observations against exact draws appear here when they are
            measured; with simulated observations TARP as well.
          </Empty>
        ))
      )}
      {quality && !working && quality.calibration && <TarpChart calibration={quality.calibration} />}
    </Panel>
  );
}
