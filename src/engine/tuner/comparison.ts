/**
 * The comparison of batch sizes: serial, then 1, 2, 4, 8, 16, … items a chunk. Time, speed-up, memory and cost of a number of items, from
 * measured trials only. Pure.
 */
import { encodeCsv } from '../../bundle/csv.ts';
import { formatBytes } from '../bytes.ts';
import { runRate } from './run-rate.ts';
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
  readonly basis: 'serial' | 'whole' | 'estimate' | 'run';
}

export interface ComparisonOptions {
  /** Number of items that time and cost are for; those of the tuned run unless given. */
  readonly items?: number;
  /** Of an hour of the machine. */
  readonly pricePerHour?: number;
}

/** Rows in the order of the batch; the recommended batch appears with the rate of its verification. */
export function comparisonRows(result: TuningResult, options: ComparisonOptions = {}): ComparisonRow[] {
  const items = options.items ?? result.key.items;
  const { serial, recommended } = result;
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
    };
  };
  const batches = result.ladder.flatMap(({ chunk, itemsPerSecond, bytes, basis }) =>
    itemsPerSecond === null || basis === null || chunk === recommended
      ? []
      : [row(chunk, runRate(result.ladder, items, chunk), bytes, basis)],
  );
  // What was run for real is known for the run as it was, not for another number of items.
  const ran = items === result.key.items;
  const rate = ran ? result.predictedItemsPerSecond : runRate(result.ladder, items, recommended);
  batches.push(row(recommended, rate, result.recommendedBytes, ran ? 'run' : 'estimate'));
  batches.sort((a, b) => Number(a.batch) - Number(b.batch));
  return serial && serialRate ? [row('serial', serialRate, serial.bytes, 'serial'), ...batches] : batches;
}

const BASIS: Readonly<Record<ComparisonRow['basis'], string>> = {
  serial: 'one item at a time, a session each',
  whole: 'whole chunks',
  estimate: 'timed steps',
  run: 'a real run, recommended',
};

/** Text of the table as CSV: full digits, bytes as numbers. */
export function comparisonCsv(result: TuningResult, options: ComparisonOptions = {}): string {
  const items = options.items ?? result.key.items;
  return encodeCsv(
    ['batch', 'items', 'seconds', 'items_per_second', 'speedup', 'memory_bytes', 'cost', 'measured_by'],
    comparisonRows(result, options).map((row) => [
      row.batch,
      items,
      row.seconds,
      row.itemsPerSecond,
      row.speedup ?? undefined,
      row.bytes,
      row.cost ?? undefined,
      BASIS[row.basis],
    ]),
  );
}

/** The table as Markdown, with what it was measured on above it. */
export function comparisonMarkdown(result: TuningResult, options: ComparisonOptions = {}): string {
  const { key, date, software, sentence, itemName } = result;
  const items = options.items ?? key.items;
  const priced = options.pricePerHour !== undefined;
  const header = ['batch', `seconds for ${items} ${items === 1 ? itemName.one : itemName.many}`, 'items/s', 'speed-up'];
  const rows = comparisonCells(result, options);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `Batch sizes on ${key.adapter.name} (${key.runtime}), ${key.workload}, ${key.precision}, ${date}.`,
    ...(software ? ["A software adapter: these timings are not a GPU's."] : []),
    `${sentence}.`,
    '',
    line([...header, 'GPU memory', ...(priced ? [`cost at ${options.pricePerHour} an hour`] : []), 'measured by']),
    line([...header.map((_, i) => (i === 0 ? '---' : '---:')), '---:', ...(priced ? ['---:'] : []), '---']),
    ...rows.map(line),
    '',
  ].join('\n');
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
    BASIS[row.basis],
  ]);
}

/** Three significant digits without an exponent for everyday sizes. */
export function significant(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
