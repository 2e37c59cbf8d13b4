import { Suspense, useEffect, useMemo } from 'react';
import { experimentViews } from '../../workloads/views.ts';
import RunLog from '../run/RunLog.tsx';
import { Empty } from '../shared/Panel.tsx';
import { usePaced } from '../shared/usePaced.ts';
import { select } from '../state/actions.ts';
import { sameRun } from '../state/config.ts';
import { shownExperiment } from '../state/shown.ts';
import { isActive, useStore } from '../state/store.ts';
import { kindViews } from './index.ts';
import { OpenedNote } from './OpenedNote.tsx';
import { PlainResults } from './plain/PlainResults.tsx';
import classes from './ResultsTab.module.css';
import { WarningLines } from './WarningLines.tsx';

/** While a run goes on the view follows it more slowly the more there is to draw: ten thousand items, once a second. */
const PACE_MS = 0.1;

/** What came out, how sure it is, and what must not be believed: the frame of it; what fills it hangs on the kind of result. */
export default function ResultsTab() {
  const finished = useStore((store) => store.summaries);
  const going = useStore(isActive);
  const shown = useStore(shownExperiment);
  // Together: no view is given results of another kind than its own.
  const latest = useMemo(() => ({ summaries: finished, experiment: shown }), [finished, shown]);
  const { summaries, experiment } = usePaced(latest, going ? finished.length * PACE_MS : 0);
  const notes = useStore((store) => store.run?.notes);
  const warnings = useStore((store) => store.run?.warnings) ?? [];
  const sorted = useMemo(() => [...summaries].sort((a, b) => a.info.index - b.info.index), [summaries]);
  const changed = useStore(({ ranConfig, config }) => ranConfig !== undefined && !sameRun(ranConfig, config));
  const own = experimentViews[experiment.id];
  const kind = kindViews[experiment.results.kind];
  useSomethingChosen(sorted[0]?.info.index);
  if (sorted.length === 0) {
    return (
      <div className={classes.stack}>
        <Empty>
          {own?.awaited ??
            kind?.awaited ??
            `Finished ${experiment.itemName.many} appear here as chunks complete: a table of all, and any of them in full.`}
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
      <WarningLines warnings={warnings} />
      <Suspense fallback={<Empty>Loading</Empty>}>
        {own?.Results && <own.Results />}
        {kind ? <kind.Results summaries={sorted} /> : <PlainResults summaries={sorted} experiment={experiment} />}
      </Suspense>
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

/** A finished run with nothing chosen shows its first item, so that the views of one are not empty. */
function useSomethingChosen(first: number | undefined): void {
  const status = useStore((store) => store.status);
  const selected = useStore((store) => store.selected);
  useEffect(() => {
    if (status === 'done' && selected === undefined && first !== undefined) void select(first);
  }, [status, selected, first]);
}
