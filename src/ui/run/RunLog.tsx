import { useEffect, useMemo } from 'react';
import type { RunEvent } from '../../engine/run/events.ts';
import { clock, grouped, listed } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { CheckIcon, CloseIcon, ResetIcon, WarnIcon } from '../shared/icons.tsx';
import { Panel } from '../shared/Panel.tsx';
import { useStore } from '../state/store.ts';
import { logCame, RUN_LOG } from './log-focus.ts';
import classes from './RunLog.module.css';

/** Rows drawn: a run whose every item fails has thousands of events, and failures.json has them all. */
const SHOWN = 200;

interface Kind {
  readonly label: string;
  readonly tone: 'bad' | 'warn' | 'good';
  readonly Icon: (props: { readonly size?: number }) => React.ReactNode;
}

const KINDS: Readonly<Record<RunEvent['kind'], Kind>> = {
  split: { label: 'Split', tone: 'warn', Icon: WarnIcon },
  loss: { label: 'Device lost', tone: 'warn', Icon: WarnIcon },
  storage: { label: 'Storage', tone: 'warn', Icon: WarnIcon },
  failed: { label: 'Failed', tone: 'bad', Icon: CloseIcon },
  unrescued: { label: 'Not rescued', tone: 'warn', Icon: WarnIcon },
  reopened: { label: 'Reopened', tone: 'good', Icon: CheckIcon },
  resumed: { label: 'Resumed', tone: 'good', Icon: CheckIcon },
  retry: { label: 'Retry', tone: 'good', Icon: ResetIcon },
};

const columnsFor = (names: ReadonlyMap<number, string>): readonly Column<RunEvent>[] => [
  {
    key: 'time',
    title: 'Time',
    about: 'Minutes and seconds since the start of the run, pauses left out.',
    numeric: true,
    cell: ({ atMs }) => clock(atMs / 1000),
  },
  { key: 'kind', title: 'What', cell: ({ kind }) => <KindTag kind={kind} /> },
  {
    key: 'message',
    title: 'What happened',
    cell: ({ message }) => <span className={classes.message}>{message}</span>,
  },
  {
    key: 'items',
    title: 'Items',
    about: 'The items it concerns; those that have a result already are not among them.',
    cell: ({ items = [] }) =>
      items.length > 0 ? listed(items.map((index) => names.get(index) ?? `item ${index}`)) : '–',
  },
  {
    key: 'chunk',
    title: 'Chunk',
    about:
      'Items in a chunk, or how much of one item a stage works on at once, before and after. Results do not depend on it.',
    cell: ({ chunkBefore, chunkAfter }) =>
      chunkBefore !== undefined && chunkAfter !== undefined ? `${grouped(chunkBefore)} → ${grouped(chunkAfter)}` : '–',
  },
];

/** What the run on the page survived, or did not. Nothing is drawn while there is nothing to say. */
export default function RunLog() {
  const events = useStore((store) => store.events);
  const run = useStore((store) => store.run);
  const failed = useStore((store) => store.failed);
  const columns = useMemo(() => {
    // An opened bundle knows of what failed only from its list of failures.
    const infos = [...(run?.items ?? []), ...failed.map(({ info }) => info)];
    return columnsFor(new Map(infos.map(({ index, runId }) => [index, runId])));
  }, [run, failed]);
  const some = events.length > 0;
  useEffect(() => {
    if (some) logCame();
  }, [some]);
  if (!some) return null;
  const hidden = Math.max(0, events.length - SHOWN);
  return (
    <div id={RUN_LOG} data-testid="run-log">
      <Panel
        title={`Run log: ${grouped(events.length)} ${events.length === 1 ? 'event' : 'events'}`}
        about="Every split, loss, retry and failure of this run, oldest first. Items that had finished were kept each time; what ran again gave the same numbers, to the bit, as without the event. failures.json in an export lists all of them."
      >
        {hidden > 0 && (
          <p className={classes.hidden}>
            The {grouped(hidden)} {hidden === 1 ? 'event' : 'events'} before these are listed in failures.json of an
            export.
          </p>
        )}
        <DataTable
          caption="Events of this run"
          testId="run-log-table"
          columns={columns}
          rows={events.slice(hidden)}
          rowKey={(event) => events.indexOf(event)}
        />
      </Panel>
    </div>
  );
}

function KindTag({ kind }: { readonly kind: RunEvent['kind'] }) {
  const { label, tone, Icon } = KINDS[kind];
  return (
    <span className={classes.kind} data-tone={tone}>
      <Icon size={14} />
      {label}
    </span>
  );
}
