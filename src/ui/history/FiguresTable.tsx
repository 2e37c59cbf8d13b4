import { arithmeticWords } from '../../engine/run/cpu-path.ts';
import type { RunProgress } from '../../engine/run/progress.ts';
import type { RunReply } from '../../worker/run-reply.ts';
import type { Experiment } from '../../workloads/workload.ts';
import { capital, clock, compact, grouped, shortBytes } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';

export interface RunFigures {
  readonly progress: RunProgress;
  readonly run: RunReply;
}

interface Row {
  readonly what: string;
  readonly a: string;
  readonly b: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { key: 'what', title: 'Figure', cell: (row) => row.what },
  { key: 'a', title: 'A, on the page', numeric: true, cell: (row) => row.a },
  { key: 'b', title: 'B, from the history', numeric: true, cell: (row) => row.b },
];

const figuresOf = (
  items: string,
  work: string,
  worth?: string,
): readonly (readonly [string, (figures: RunFigures) => string])[] => [
  [`${items} finished`, ({ progress }) => grouped(progress.items.done)],
  ['Time, pauses left out', ({ progress }) => clock(progress.elapsedMs / 1000)],
  [`${items} per second`, ({ progress }) => compact(progress.itemsPerSecond)],
  [`${work} per second`, ({ progress }) => compact(progress.gradientsPerSecond)],
  [work, ({ progress }) => compact(progress.gradients)],
  ...(worth === undefined
    ? []
    : [[worth, ({ progress }: RunFigures) => compact(progress.essPerSecond ?? undefined)] as const]),
  ['Peak memory of GPU buffers', ({ progress }) => shortBytes(progress.memory.peakBytes)],
  [`${items} a chunk`, ({ run }) => grouped(run.chunk)],
  ['Computed by', ({ run }) => (run.mode === 'webgpu' ? 'WebGPU' : `CPU, ${arithmeticWords(run.cpu)}`)],
];

interface FiguresTableProps {
  readonly a: RunFigures;
  readonly b: RunFigures;
  readonly names: Pick<Experiment, 'itemName' | 'workName'>;
  /** The rate that matters; absent where the kind of result has none. */
  readonly worth?: string;
}

/** Throughput and memory of two runs, side by side. */
export function FiguresTable({ a, b, names: { itemName, workName }, worth }: FiguresTableProps) {
  const rows = figuresOf(capital(itemName.many), capital(workName), worth).map(
    ([what, text]): Row => ({ what, a: text(a), b: text(b) }),
  );
  return (
    <DataTable
      caption="Throughput and memory of both runs"
      testId="compare-figures"
      columns={COLUMNS}
      rows={rows}
      rowKey={(row) => row.what}
    />
  );
}
