import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { HistoryEntry, HistoryList } from '../../worker/history/types.ts';
import { grouped, shortBytes } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { Empty, Panel } from '../shared/Panel.tsx';
import { listKept, removeKept, reopen } from '../state/kept-runs.ts';
import { isActive, useStore } from '../state/store.ts';
import { ComparePanel } from './ComparePanel.tsx';
import { ConfirmButton } from './ConfirmButton.tsx';
import classes from './History.module.css';
import { when } from './when.ts';

/** Runs kept in this browser, and one of them against what is on the page. */
export default function HistoryTab() {
  const kept = useStore((store) => store.kept);
  useEffect(() => void listKept(), []);
  return (
    <div className={classes.stack}>
      <Panel
        title="Earlier runs"
        about="Finished and stopped runs are kept in this browser's private storage for this page, with all their results. They never leave the machine. Opening one needs no GPU. The oldest make room for the newest; the browser may clear all of them when its disk is full, so export what must last."
        aside={kept && kept.entries.length > 0 && <ClearAll kept={kept} />}
      >
        {!kept ? <Empty>Reading the list</Empty> : <Kept kept={kept} />}
      </Panel>
      {kept && <ComparePanel entries={kept.entries} />}
    </div>
  );
}

function ClearAll({ kept }: { readonly kept: HistoryList }) {
  return (
    <>
      <span className={classes.soft} data-testid="history-size">
        {grouped(kept.entries.length)} of {kept.maxRuns} runs, {shortBytes(kept.bytes)} of {shortBytes(kept.maxBytes)}
      </span>
      <ConfirmButton
        size="xs"
        label="Clear all"
        confirm={`Delete ${grouped(kept.entries.length)}`}
        what={`${grouped(kept.entries.length)} kept ${kept.entries.length === 1 ? 'run' : 'runs'}`}
        testId="history-clear"
        onConfirm={() => void removeKept('all')}
      />
    </>
  );
}

function Kept({ kept }: { readonly kept: HistoryList }) {
  const busy = useStore(isActive);
  const openedId = useStore((store) => (store.opened ? store.opened.id : store.keptId));
  const [pending, setPending] = useState<string>();
  if (kept.unavailable) return <Empty>{kept.unavailable} Results stay on the page until it closes; export them.</Empty>;
  if (kept.entries.length === 0) {
    return (
      <Empty>Runs appear here when they end: up to {kept.maxRuns}, each with its configuration and results.</Empty>
    );
  }
  const open = async (id: string) => {
    setPending(id);
    await reopen(id);
    setPending(undefined);
  };
  const columns: readonly Column<HistoryEntry>[] = [
    { key: 'title', title: 'Run', cell: (entry) => <span className={classes.run}>{entry.title}</span> },
    { key: 'date', title: 'Started', cell: (entry) => <time dateTime={entry.startedAt}>{when(entry)}</time> },
    { key: 'state', title: 'Ended', cell: (entry) => entry.state },
    { key: 'items', title: 'Items', numeric: true, cell: (entry) => grouped(entry.items) },
    {
      key: 'converged',
      title: 'Converged',
      about: 'Items that passed every check of ours.',
      numeric: true,
      cell: (entry) => grouped(entry.converged),
    },
    {
      key: 'bytes',
      title: 'Size',
      about: 'What it takes on this disk: values without loss, those of single precision as such.',
      numeric: true,
      cell: (entry) => shortBytes(entry.bytes),
    },
    {
      key: 'actions',
      title: 'Actions',
      cell: (entry) => (
        <span className={classes.actions}>
          <Button
            size="compact-xs"
            variant="default"
            disabled={busy || entry.id === openedId}
            loading={pending === entry.id}
            title={busy ? 'A run is in progress; stop it first' : undefined}
            aria-label={`${entry.id === openedId ? 'Shown' : 'Open'} ${entry.title} of ${when(entry)}`}
            onClick={() => void open(entry.id)}
          >
            {entry.id === openedId ? 'Shown' : 'Open'}
          </Button>
          <ConfirmButton
            size="compact-xs"
            label="Delete"
            confirm="Delete it"
            what={`${entry.title} of ${when(entry)}`}
            onConfirm={() => void removeKept(entry.id)}
          />
        </span>
      ),
    },
  ];
  return (
    <div className={classes.kept}>
      <DataTable
        caption="Runs kept in this browser"
        testId="history-table"
        columns={columns}
        rows={kept.entries}
        rowKey={(entry) => entry.id}
        selectedKey={openedId}
      />
    </div>
  );
}
