import { Button, Switch } from '@mantine/core';
import { useState } from 'react';
import type { ResultSummary } from '../../results/kind.ts';
import { grouped } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { Panel } from '../shared/Panel.tsx';
import text from '../shared/text.module.css';
import { select } from '../state/actions.ts';
import { useStore } from '../state/store.ts';
import classes from './ResultsTab.module.css';

export const ROWS_A_PAGE = 50;

interface ItemTableProps<S extends ResultSummary> {
  readonly summaries: readonly S[];
  /** After the run id. */
  readonly columns: readonly Column<S>[];
  /** Explains the title. */
  readonly about: string;
  /** Leaves those that pass out. */
  readonly onlyBadLabel: string;
  /** What that keeps: what did not converge, unless given. */
  readonly bad?: (summary: S) => boolean;
}

/** Every finished item in a row, fifty at a time; a row chooses its item. */
export function ItemTable<S extends ResultSummary>({
  summaries,
  columns,
  about,
  onlyBadLabel,
  bad = ({ converged }) => !converged,
}: ItemTableProps<S>) {
  const selected = useStore((store) => store.selected);
  const [page, setPage] = useState(0);
  const [onlyBad, setOnlyBad] = useState(false);
  const rows = onlyBad ? summaries.filter(bad) : summaries;
  const pages = Math.max(1, Math.ceil(rows.length / ROWS_A_PAGE));
  const current = Math.min(page, pages - 1);
  return (
    <Panel
      title="All results"
      about={about}
      aside={
        <Switch
          size="xs"
          label={onlyBadLabel}
          checked={onlyBad}
          onChange={(event) => setOnlyBad(event.currentTarget.checked)}
        />
      }
    >
      <DataTable
        caption="Results of every finished item"
        testId="results-table"
        columns={[RUN_ID, ...columns]}
        rows={rows.slice(current * ROWS_A_PAGE, (current + 1) * ROWS_A_PAGE)}
        rowKey={(row) => row.info.index}
        selectedKey={selected}
        onSelect={(row) => void select(row.info.index)}
      />
      {pages > 1 && (
        <div className={classes.pages}>
          <span>
            {grouped(current * ROWS_A_PAGE + 1)}–{grouped(Math.min(rows.length, (current + 1) * ROWS_A_PAGE))} of{' '}
            {grouped(rows.length)}
          </span>
          <Button size="xs" variant="default" disabled={current === 0} onClick={() => setPage(current - 1)}>
            Previous
          </Button>
          <Button size="xs" variant="default" disabled={current === pages - 1} onClick={() => setPage(current + 1)}>
            Next
          </Button>
        </div>
      )}
    </Panel>
  );
}

const RUN_ID: Column<ResultSummary> = {
  key: 'run',
  title: 'Run',
  cell: ({ info }) => (
    <button
      type="button"
      className={text.link}
      onClick={(event) => {
        event.stopPropagation();
        void select(info.index);
      }}
    >
      {info.runId}
    </button>
  ),
};
