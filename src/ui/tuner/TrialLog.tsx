import { compact, grouped, shortBytes } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { CheckIcon, CloseIcon } from '../shared/icons.tsx';
import { PHASES } from './phases.ts';
import classes from './Tuner.module.css';
import type { TrialRow, Verdict } from './trials.ts';

const VERDICTS: Readonly<Record<Verdict, string>> = {
  limit: 'limit',
  fits: 'fits',
  measured: 'measured',
  passed: 'passed',
  cut: 'too slow',
  failed: 'failed',
  note: '–',
};

const phaseLabel = new Map(PHASES.map(({ id, label }) => [id, label]));

/** Every trial with what it took and how it went; also the numbers of the chart. */
export function TrialLog({ rows, many }: { readonly rows: readonly TrialRow[]; readonly many: string }) {
  const columns: readonly Column<TrialRow>[] = [
    { key: 'phase', title: 'Phase', cell: ({ phase }) => (phase ? phaseLabel.get(phase) : '–') },
    {
      key: 'batch',
      title: 'Batch',
      about: `Number of ${many} in a chunk; "serial" is one after the other, each with memory of its own.`,
      numeric: true,
      cell: ({ batch }) => (typeof batch === 'number' ? grouped(batch) : (batch ?? '–')),
    },
    {
      key: 'bytes',
      title: 'Memory',
      about: 'Exact bytes of all GPU buffers of such a chunk.',
      numeric: true,
      cell: ({ bytes }) =>
        bytes === undefined ? '–' : <span title={`${grouped(bytes)} bytes`}>{shortBytes(bytes)}</span>,
    },
    {
      key: 'ms',
      title: 'ms',
      about:
        'Allocation: to take, write and free the memory. Serial: one item. Ladder: a whole chunk, the median. Verification: all of the real run.',
      numeric: true,
      cell: ({ ms }) => compact(ms),
    },
    {
      key: 'rate',
      title: `${many}/s`,
      numeric: true,
      cell: ({ itemsPerSecond }) => compact(itemsPerSecond),
    },
    { key: 'verdict', title: 'Verdict', cell: ({ verdict }) => <VerdictTag verdict={verdict} /> },
    { key: 'reason', title: 'Why', cell: ({ reason }) => <span className={classes.reason}>{reason}</span> },
  ];
  return (
    <DataTable
      caption="Trials of the tuner"
      testId="trial-log"
      columns={columns}
      rows={rows}
      rowKey={({ key }) => key}
    />
  );
}

/** Told by word and shape, not by colour alone. */
function VerdictTag({ verdict }: { readonly verdict: Verdict }) {
  const bad = verdict === 'failed' || verdict === 'cut';
  const good = verdict === 'fits' || verdict === 'measured' || verdict === 'passed';
  return (
    <span className={classes.verdict} data-tone={bad ? 'bad' : good ? 'good' : undefined}>
      {bad && <CloseIcon size={13} />}
      {good && <CheckIcon size={13} />}
      {VERDICTS[verdict]}
    </span>
  );
}
