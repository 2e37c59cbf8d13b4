/** Batches beyond the run in a table: what a longer run of this kind would do. Pure. */
import { formatBytes } from '../bytes.ts';
import { significant } from './significant.ts';
import type { BeyondTrial, TuningResult } from './types.ts';

const ITEMS: Readonly<Record<BeyondTrial['items'], string>> = {
  simulated: 'further items simulated',
  repeated: 'the items of the run, repeated',
};

/** Those that have a figure. */
export function beyondRows({
  beyond,
}: TuningResult): (BeyondTrial & { readonly chunkMs: number; readonly itemsPerSecond: number })[] {
  return (beyond?.trials ?? []).flatMap(({ chunkMs, itemsPerSecond, ...trial }) =>
    chunkMs === null || itemsPerSecond === null ? [] : [{ ...trial, chunkMs, itemsPerSecond }],
  );
}

/** What an item of the table was measured with. */
export const beyondBasis = ({ basis, items }: BeyondTrial) =>
  `beyond the run: ${basis === 'whole' ? 'whole chunks' : 'timed steps'}; ${ITEMS[items]}`;

/** Header and cells for people: the batch, its own time, its speed, what it gains over the fastest batch of the run, its memory. */
export function beyondCells(result: TuningResult): { readonly header: string[]; readonly rows: string[][] } {
  const best = result.choice.bestItemsPerSecond;
  return {
    header: ['batch', 'seconds a batch', 'items/s', `over ${result.choice.best}`, 'GPU memory', 'measured by'],
    rows: beyondRows(result).map((row) => [
      String(row.chunk),
      significant(row.chunkMs / 1000),
      significant(row.itemsPerSecond),
      `${significant(row.itemsPerSecond / best)}×`,
      formatBytes(row.bytes),
      beyondBasis(row),
    ]),
  };
}

/** What stands above the table; empty where nothing was measured beyond the run. */
export function beyondSentence({ beyond, key, itemName }: TuningResult): string {
  if (!beyond) return '';
  const { largest, bytes, ended } = beyond;
  return `Beyond the ${key.items.toLocaleString('en-US')} ${key.items === 1 ? itemName.one : itemName.many} of the run, for the speed alone (no result is kept): up to ${largest.toLocaleString('en-US')} at once, ${formatBytes(bytes)}. ${ended}`;
}
