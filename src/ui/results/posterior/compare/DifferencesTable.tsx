import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Difference } from '../../../../results/posterior/compare-runs.ts';
import { capital, grouped, plain } from '../../../format.ts';
import { type Column, DataTable } from '../../../shared/DataTable.tsx';
import text from '../../../shared/text.module.css';

/** Rows shown first, and added by each press of the button. */
const STEP = 20;

interface DifferencesTableProps {
  readonly rows: readonly Difference[];
  readonly chosen: string;
  readonly onChoose: (runId: string) => void;
  /** What an item is called. */
  readonly one: string;
}

/** Differences of both runs, the largest first. */
export function DifferencesTable({ rows, chosen, onChoose, one }: DifferencesTableProps) {
  const [shown, setShown] = useState(STEP);
  const columns: readonly Column<Difference>[] = [
    {
      key: 'run',
      title: capital(one),
      cell: ({ runId }) => (
        <button
          type="button"
          className={text.link}
          aria-pressed={runId === chosen}
          onClick={(event) => {
            event.stopPropagation();
            onChoose(runId);
          }}
        >
          {runId}
        </button>
      ),
    },
    { key: 'parameter', title: 'Parameter', cell: (row) => row.parameter },
    { key: 'a', title: 'Mean A', numeric: true, cell: (row) => plain(row.meanA, 5) },
    { key: 'b', title: 'Mean B', numeric: true, cell: (row) => plain(row.meanB, 5) },
    {
      key: 'z',
      title: 'Difference in MCSE',
      about:
        'Mean B less mean A, divided by √(MCSE A² + MCSE B²), the Monte Carlo error of that difference. Beyond ±3 by chance in 3 of 1,000 independent comparisons.',
      numeric: true,
      cell: (row) => plain(row.z, 3),
    },
    {
      key: 'sd',
      title: 'sd B / sd A',
      about: 'Ratio of the posterior widths; 1 when both runs are equally sure.',
      numeric: true,
      cell: (row) => plain(row.sdRatio, 4),
    },
  ];
  return (
    <>
      <DataTable
        caption="Differences between the runs, the largest first"
        testId="differences-table"
        columns={columns}
        rows={rows.slice(0, shown)}
        rowKey={(row) => `${row.runId}/${row.parameter}`}
        onSelect={(row) => onChoose(row.runId)}
      />
      {rows.length > shown && (
        <Button size="xs" variant="default" mt={8} onClick={() => setShown(shown + STEP)}>
          Show more of {grouped(rows.length)}
        </Button>
      )}
    </>
  );
}
