import { Suspense, useEffect, useMemo, useState } from 'react';
import { experimentViews } from '../../workloads/views.ts';
import { OpenedNote } from '../kept/OpenedNote.tsx';
import RunLog from '../run/RunLog.tsx';
import { Empty } from '../shared/Panel.tsx';
import { usePaced } from '../shared/usePaced.ts';
import { select } from '../state/actions.ts';
import { sameRun } from '../state/config.ts';
import { isActive, useStore } from '../state/store.ts';
import { ConvergencePanel } from './posterior/ConvergencePanel.tsx';
import { VerdictGrid } from './posterior/diagnostics/VerdictGrid.tsx';
import { RecoveryPanel } from './posterior/RecoveryPanel.tsx';
import { ResultsTable } from './posterior/ResultsTable.tsx';
import { SelectedItem } from './posterior/SelectedItem.tsx';
import { BiasPanel } from './posterior/statistics/BiasPanel.tsx';
import { CalibrationPanel } from './posterior/statistics/CalibrationPanel.tsx';
import { useStatistics } from './posterior/statistics/useStatistics.ts';
import classes from './ResultsTab.module.css';
import { Warnings } from './Warnings.tsx';

/** While a run goes on the view follows it more slowly the more there is to draw: ten thousand items, once a second. */
const PACE_MS = 0.1;

/** What came out, how sure it is, and what must not be believed. */
export default function ResultsTab() {
  const finished = useStore((store) => store.summaries);
  const going = useStore(isActive);
  const summaries = usePaced(finished, going ? finished.length * PACE_MS : 0);
  const notes = useStore((store) => store.run?.notes);
  const sorted = useMemo(() => [...summaries].sort((a, b) => a.info.index - b.info.index), [summaries]);
  const changed = useStore(({ ranConfig, config }) => ranConfig !== undefined && !sameRun(ranConfig, config));
  const names = sorted[0]?.parameters.map(({ name }) => name) ?? [];
  const [chosen, setChosen] = useState(0);
  const status = useStore((store) => store.status);
  const selected = useStore((store) => store.selected);
  const first = sorted[0]?.info.index;
  useEffect(() => {
    // A finished run with nothing chosen shows its first posterior, so that the views below are not empty.
    if (status === 'done' && selected === undefined && first !== undefined) void select(first);
  }, [status, selected, first]);
  const statistics = useStatistics(sorted);
  const independent = sorted[0]?.sampling === 'independent';
  const Own = useStore((store) => experimentViews[(store.ranConfig ?? store.config).workload]?.Results);
  const parameter = names[Math.min(chosen, names.length - 1)];
  if (sorted.length === 0) {
    return (
      <div className={classes.stack}>
        <Empty>
          {Own
            ? 'Finished posteriors appear here as chunks complete: how good they are against exact ones, truth against estimate with error bars, a table of all observations, and for any of them its marginals and joint posterior over the exact one.'
            : 'Finished posteriors appear here as chunks complete: truth against estimate with error bars, the recovered bias, a table of all items, and for any of them its marginals, joint posterior, traces and diagnostics.'}
        </Empty>
        <RunLog />
      </div>
    );
  }
  return (
    <div className={classes.stack}>
      {changed && (
        <p className={classes.soft}>
          The settings have changed since this run: these results, and an export of them, belong to those it was started
          with.
        </p>
      )}
      <OpenedNote />
      <Warnings summaries={sorted} />
      {Own && (
        <Suspense fallback={<Empty>Loading</Empty>}>
          <Own />
        </Suspense>
      )}
      <div className={classes.two}>
        <RecoveryPanel
          summaries={sorted}
          names={names}
          parameter={parameter}
          onParameter={(name) => setChosen(names.indexOf(name))}
        />
        <div className={classes.stack}>
          {!independent && <BiasPanel {...statistics} />}
          <ConvergencePanel summaries={sorted} />
        </div>
      </div>
      <CalibrationPanel {...statistics} />
      <VerdictGrid summaries={sorted} />
      <ResultsTable summaries={sorted} />
      <SelectedItem />
      <RunLog />
      {notes && notes.length > 0 && (
        <ul className={classes.notes}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
