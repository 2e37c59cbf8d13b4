/**
 * The comparison of batch sizes: serial, then 1, 2, 4, 8, 16, … items a chunk. Time, speed-up, memory and cost of a number of items, from
 * measured trials only. Every row is measured the same way, from upload to readback; what the recommended batch did when it was run for
 * real is a figure of its own beside it. Pure.
 */
import { encodeCsv } from '../../bundle/csv.ts';
import { formatBytes } from '../bytes.ts';
import { beyondBasis, beyondCells, beyondRows, beyondSentence } from './beyond-table.ts';
import { disturbedLines } from './disturbance.ts';
import { runRate } from './run-rate.ts';
import { settled } from './settled.ts';
import { significant } from './significant.ts';
import type { TuningResult } from './types.ts';

export interface ComparisonRow {
  /** "serial", or the number of items in a chunk. */
  readonly batch: 'serial' | number;
  readonly itemsPerSecond: number;
  /** Seconds for all items, the shorter last chunk included. */
  readonly seconds: number;
  /** Over serial; null where serial was not measured. */
  readonly speedup: number | null;
  readonly bytes: number;
  /** In the currency of the price; null without a price. */
  readonly cost: number | null;
  /** What the rate comes from. */
  readonly basis: 'serial' | 'whole' | 'estimate' | 'between';
  readonly recommended: boolean;
}

export interface ComparisonOptions {
  /** Number of items that time and cost are for; those of the tuned run unless given. */
  readonly items?: number;
  /** Of an hour of the machine. */
  readonly pricePerHour?: number;
}

/** Rows in the order of the batch: the very rates that the choice was made from. */
export function comparisonRows(result: TuningResult, options: ComparisonOptions = {}): ComparisonRow[] {
  const items = options.items ?? result.key.items;
  const { serial, recommended, ladder } = result;
  const serialRate = serial && 1000 / serial.msPerItem;
  const row = (
    batch: ComparisonRow['batch'],
    itemsPerSecond: number,
    bytes: number,
    basis: ComparisonRow['basis'],
  ): ComparisonRow => {
    const seconds = items / itemsPerSecond;
    return {
      batch,
      itemsPerSecond,
      seconds,
      speedup: serialRate === undefined ? null : itemsPerSecond / serialRate,
      bytes,
      cost: options.pricePerHour === undefined ? null : (seconds / 3600) * options.pricePerHour,
      basis,
      recommended: batch === recommended,
    };
  };
  const batches = settled(ladder).flatMap(({ chunk, basis, bytes }) =>
    basis === null ? [] : [row(chunk, runRate(ladder, items, chunk), bytes, basis)],
  );
  // A chunk that the verification stepped down to is no rung: its time lies between those of its neighbours.
  if (!batches.some(({ batch }) => batch === recommended)) {
    batches.push(row(recommended, runRate(ladder, items, recommended), result.recommendedBytes, 'between'));
    batches.sort((a, b) => Number(a.batch) - Number(b.batch));
  }
  return serial && serialRate ? [row('serial', serialRate, serial.bytes, 'serial'), ...batches] : batches;
}

const BASIS: Readonly<Record<ComparisonRow['basis'], string>> = {
  serial: 'one item at a time, a session each',
  whole: 'whole chunks',
  estimate: 'timed steps',
  between: 'between its neighbours',
};

const basisOf = ({ basis, recommended }: ComparisonRow) => `${BASIS[basis]}${recommended ? '; recommended' : ''}`;

/** Text of the table as CSV: full digits, bytes as numbers. */
export function comparisonCsv(result: TuningResult, options: ComparisonOptions = {}): string {
  const items = options.items ?? result.key.items;
  return encodeCsv(
    [
      'batch',
      'items',
      'seconds',
      'items_per_second',
      'speedup',
      'memory_bytes',
      'cost',
      'measured_by',
      'run_for_real_items_per_second',
    ],
    [
      ...comparisonRows(result, options).map((row) => [
        row.batch,
        items,
        row.seconds,
        row.itemsPerSecond,
        row.speedup ?? undefined,
        row.bytes,
        row.cost ?? undefined,
        basisOf(row),
        row.recommended ? result.predictedItemsPerSecond : undefined,
      ]),
      // Of as many items as they hold.
      ...beyondRows(result).map((row) => [
        ...[row.chunk, row.chunk, row.chunkMs / 1000, row.itemsPerSecond],
        result.serial && (row.itemsPerSecond * result.serial.msPerItem) / 1000,
        ...[row.bytes, options.pricePerHour && (row.chunkMs / 3_600_000) * options.pricePerHour],
        beyondBasis(row),
        undefined,
      ]),
    ],
  );
}

/** The table as Markdown, with what it was measured on above it. */
export function comparisonMarkdown(result: TuningResult, options: ComparisonOptions = {}): string {
  const { key, date, software, sentence, itemName } = result;
  const items = options.items ?? key.items;
  const priced = options.pricePerHour !== undefined;
  const header = ['batch', `seconds for ${items} ${items === 1 ? itemName.one : itemName.many}`, 'items/s', 'speed-up'];
  const rows = comparisonCells(result, options);
  const beyond = beyondCells(result);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `Batch sizes on ${key.adapter.name} (${key.runtime}), ${key.workload}, ${key.precision}, ${date}.`,
    ...(software ? ["A software adapter: these timings are not a GPU's."] : []),
    `${sentence}.`,
    realRun(result),
    ...disturbedLines(result),
    '',
    line([...header, 'GPU memory', ...(priced ? [`cost at ${options.pricePerHour} an hour`] : []), 'measured by']),
    line([...header.map((_, i) => (i === 0 ? '---' : '---:')), '---:', ...(priced ? ['---:'] : []), '---']),
    ...rows.map(line),
    '',
    ...(result.beyond ? [beyondSentence(result), ''] : []),
    ...(beyond.rows.length > 0
      ? [
          line(beyond.header),
          line(beyond.header.map((_, i) => (i % 5 === 0 ? '---' : '---:'))),
          ...beyond.rows.map(line),
          '',
        ]
      : []),
  ].join('\n');
}

/** What the recommended batch did when it was run for real: no row of the table, which is measured with less around it. */
export function realRun({ recommended, predictedItemsPerSecond, verification }: TuningResult): string {
  const exportMs = verification.at(-1)?.exportMs;
  const files = exportMs ? `; building its files took ${significant(exportMs)} ms more` : '';
  return `Run for real, ${recommended} at a time: ${significant(predictedItemsPerSecond)} items/s, readback and records included${files}.`;
}

/** Cells for people, in the columns of the Markdown table. */
export function comparisonCells(result: TuningResult, options: ComparisonOptions = {}): string[][] {
  return comparisonRows(result, options).map((row) => [
    String(row.batch),
    significant(row.seconds),
    significant(row.itemsPerSecond),
    row.speedup === null ? '–' : `${significant(row.speedup)}×`,
    formatBytes(row.bytes),
    ...(row.cost === null ? [] : [significant(row.cost)]),
    basisOf(row),
  ]);
}
