import { arithmeticWords } from '../../engine/cpu-path.ts';
import type { RunProgress } from '../../engine/progress.ts';
import type { RunReply } from '../../worker/protocol.ts';
import { clock, compact, grouped, shortBytes } from '../format.ts';
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

const FIGURES: readonly (readonly [what: string, text: (figures: RunFigures) => string])[] = [
  ['Realizations finished', ({ progress }) => grouped(progress.items.done)],
  ['Time, pauses left out', ({ progress }) => clock(progress.elapsedMs / 1000)],
  ['Realizations per second', ({ progress }) => compact(progress.itemsPerSecond)],
  ['Gradients per second', ({ progress }) => compact(progress.gradientsPerSecond)],
  ['Gradients', ({ progress }) => compact(progress.gradients)],
  ['Effective draws per second', ({ progress }) => compact(progress.essPerSecond ?? undefined)],
  ['Peak memory of GPU buffers', ({ progress }) => shortBytes(progress.memory.peakBytes)],
  ['Realizations a chunk', ({ run }) => grouped(run.chunk)],
  ['Computed by', ({ run }) => (run.mode === 'webgpu' ? 'WebGPU' : `CPU, ${arithmeticWords(run.cpu)}`)],
];

/** Throughput and memory of two runs, side by side. */
export function FiguresTable({ a, b }: { readonly a: RunFigures; readonly b: RunFigures }) {
  const rows = FIGURES.map(([what, text]): Row => ({ what, a: text(a), b: text(b) }));
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
