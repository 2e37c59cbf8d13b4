import { useMemo } from 'react';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import { CheckIcon, WarnIcon } from '../../../ui/shared/icons.tsx';
import notes from '../../../ui/shared/note.module.css';
import { Panel } from '../../../ui/shared/Panel.tsx';
import text from '../../../ui/shared/text.module.css';
import { openPart } from '../../../ui/state/folds.ts';
import { runOfForm } from '../../../ui/state/shown.ts';
import { useStore } from '../../../ui/state/store.ts';
import { titleOf } from '../problem.ts';

import classes from './Live.module.css';
import { type MetricRow, type MetricState, metricRows } from './live.ts';
import { cardId } from './MetricCard.tsx';
import { useFinishedMetrics } from './useFinished.ts';
import { useStages } from './useStages.ts';
import { controlWords, headlineWords } from './words.ts';

const NONE = [] as const;

/** The metrics of the run, each with how far it is, what it holds, and its first number as soon as there is one. */
export default function AnalysisLive() {
  const run = useStore(runOfForm);
  const ticked = useStore(({ config }) => String(config.params.metrics ?? ''));
  const progress = useStore((store) => (runOfForm(store) ? store.progress : undefined));
  const failed = useStore((store) => (runOfForm(store) ? store.failed : NONE));
  const events = useStore((store) => (runOfForm(store) ? store.events : NONE));
  const found = useFinishedMetrics();
  const stages = useStages();
  const metrics = useMemo(
    () => run?.items.map(({ runId }) => runId) ?? ticked.split(',').filter(Boolean),
    [run, ticked],
  );
  const finished = run ? found : NONE;
  const rows = useMemo(
    () => metricRows({ metrics, finished, failed, progress, stages }),
    [metrics, finished, failed, progress, stages],
  );
  const halved = events.filter(({ kind, entry }) => kind === 'split' && entry !== undefined);
  return (
    <Panel
      className={classes.panel}
      title={`${metrics.length} ${metrics.length === 1 ? 'metric' : 'metrics'}`}
      about="One after the other, each with buffers of its own, which are given back before the next begins. How many rows are in flight changes the time and the memory, never a bit of a number. One that fails leaves the others as they are."
    >
      <DataTable
        caption="Metrics of the run"
        testId="analysis-live"
        whole
        columns={COLUMNS}
        rows={rows}
        rowKey={({ id }) => id}
      />
      {halved.map(({ message, atMs }) => (
        <p key={`${atMs} ${message}`} className={notes.note}>
          {message}
        </p>
      ))}
    </Panel>
  );
}

const STATES: Readonly<Record<MetricState, string>> = {
  waiting: 'waiting',
  running: 'running',
  done: 'done',
  refused: 'does not apply',
  failed: 'failed',
};

function State({ row: { state, fraction, reason } }: { readonly row: MetricRow }) {
  return (
    <div className={classes.state} data-state={state}>
      <span className={classes.word}>
        {state === 'done' && <CheckIcon />}
        {(state === 'failed' || state === 'refused') && <WarnIcon />}
        {STATES[state]}
        {state === 'running' && ` ${Math.floor(100 * fraction)} %`}
      </span>
      {state === 'running' && (
        <span className={classes.bar} style={{ '--share': `${100 * fraction}%` } as React.CSSProperties} />
      )}
      {reason !== undefined && <span className={`${notes.below} ${classes.wrapped}`}>{reason}</span>}
    </div>
  );
}

const COLUMNS: readonly Column<MetricRow>[] = [
  {
    key: 'metric',
    title: 'Metric',
    cell: ({ id, state }) =>
      state === 'done' || state === 'refused' ? (
        <button type="button" className={text.link} onClick={() => openPart(cardId(id))}>
          {titleOf(id)}
        </button>
      ) : (
        titleOf(id)
      ),
  },
  { key: 'state', title: 'State', cell: (row) => <State row={row} /> },
  {
    key: 'memory',
    title: 'Chunk and memory',
    about: 'Rows in flight of all that it has, and the bytes of all its buffers: known before anything runs.',
    cell: ({ memory, otherwise }) =>
      memory ? (
        <>
          {memory}
          {otherwise && <span className={notes.below}>{otherwise}</span>}
        </>
      ) : (
        '–'
      ),
  },
  {
    key: 'first',
    title: 'First number',
    cell: ({ first }) =>
      first ? (
        <>
          <strong>{headlineWords(first)}</strong>
          <span className={`${notes.below} ${classes.wrapped}`}>{first.name}</span>
        </>
      ) : (
        '–'
      ),
  },
  {
    key: 'control',
    title: 'Held against',
    about: 'The same number where nothing should be found, or what it must come to.',
    cell: ({ first }) => <span className={classes.wrapped}>{(first && controlWords(first)) || '–'}</span>,
  },
];
