import { useEffect, useRef } from 'react';
import { compact, grouped, shortBytes } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { CheckIcon, CloseIcon } from '../shared/icons.tsx';
import { BEYOND, PHASES } from './phases.ts';
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

const phaseLabel = new Map([...PHASES, BEYOND].map(({ id, label }) => [id, label]));

/** Within this of the end a reader counts as being there. */
const END_PX = 24;
/** Logs of up to so many rows are shown whole once tuning is over. */
const WHOLE_ROWS = 20;

interface TrialLogProps {
  readonly rows: readonly TrialRow[];
  readonly many: string;
  /** Tuning goes on: the newest row is kept in view, unless the reader has scrolled up. */
  readonly follow: boolean;
}

/** Every trial with what it took and how it went; also the numbers of the chart. */
export function TrialLog({ rows, many, follow }: TrialLogProps) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const scroll = box.current?.querySelector('section');
    if (!scroll || !follow) return;
    // Only scrolling moves a reader away from the end: rows that arrive together may be taller than any threshold.
    atEnd.current = true;
    const look = () => {
      atEnd.current = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight <= END_PX;
    };
    scroll.addEventListener('scroll', look, { passive: true });
    return () => scroll.removeEventListener('scroll', look);
  }, [follow]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new row is followed
  useEffect(() => {
    const scroll = box.current?.querySelector('section');
    if (!scroll) return;
    if (follow && atEnd.current) scroll.scrollTop = scroll.scrollHeight;
  }, [rows, follow]);
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
      about: `Over all ${many} of the run, a shorter last batch included, as in the comparison. Verification: what the real run did, with all that a run does besides.`,
      numeric: true,
      cell: ({ itemsPerSecond }) => compact(itemsPerSecond),
    },
    { key: 'verdict', title: 'Verdict', cell: ({ verdict }) => <VerdictTag verdict={verdict} /> },
    { key: 'reason', title: 'Why', cell: ({ reason }) => <span className={classes.reason}>{reason}</span> },
  ];
  return (
    <div
      ref={box}
      className={classes.log}
      data-over={!follow || undefined}
      data-long={rows.length > WHOLE_ROWS || undefined}
    >
      <DataTable
        caption="Trials of the tuner"
        testId="trial-log"
        columns={columns}
        rows={rows}
        rowKey={({ key }) => key}
      />
    </div>
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
