/** Counts of molecules to bins. Bin 0 is exactly no molecule, whatever the kind: zeros are data. */
import { forEachRow } from '../../../bundle/anndata/sparse-counts.ts';
import type { SparseCounts } from '../../../bundle/anndata/types.ts';
import { ConfigError } from '../../workload.ts';
import { type BinKind, type Bins, MOST_BINS } from './types.ts';

export const DEFAULT_BINS = 16;
/** Counts below this have a bin each; from it on there are two bins an octave. */
const EXACT_BELOW = 8;

/** What a user of quantile bins is told. */
export const QUANTILE_WARNING =
  'Quantile bins are cut in every cell for itself, so how deeply a cell was sequenced is lost: generated cells have no depth of their own.';

/**
 * Bins of a kind.
 * - `octave`: 0, 1, … 7 exactly, then edges ⌈8 · 2^(j/2)⌉ (8, 12, 16, 23, 32, 46, 64, 91, …); the last bin is open. Our default.
 * - `exact`: 0, 1, … V − 2 exactly; the last is V − 1 and more.
 * - `quantile`: no molecule, then V − 1 quantiles of log(1 + count) among a cell's other genes (Cui et al. 2024, scGPT).
 * @throws ConfigError for fewer than 2 or more than 255
 */
export function makeBins(kind: BinKind, count = DEFAULT_BINS): Bins {
  if (!Number.isInteger(count) || count < 2 || count > MOST_BINS)
    throw new ConfigError(
      'bins',
      `${count} bins: choose a whole number from 2 to ${MOST_BINS}, so that bins and mask fit a byte.`,
    );
  if (kind === 'quantile') return { kind, count };
  return { kind, count, edges: Array.from({ length: count }, (_, bin) => (kind === 'exact' ? bin : octaveEdge(bin))) };
}

/** ⌈8 · 2^(j/2)⌉ is the least e with e² ≥ 64 · 2^j: found in whole numbers, so it is the same on every machine. */
function octaveEdge(bin: number): number {
  if (bin < EXACT_BELOW) return bin;
  const square = EXACT_BELOW ** 2 * 2 ** (bin - EXACT_BELOW);
  let edge = Math.floor(Math.sqrt(square));
  while (edge ** 2 < square) edge++;
  return edge;
}

/** What a bin holds, in words: "3", "12–15", "91 and more". */
export function binWords({ edges, count }: Bins, bin: number): string {
  if (!edges) return bin === 0 ? '0' : `quantile ${bin} of ${count - 1}`;
  if (bin === count - 1) return `${edges[bin]} and more`;
  const last = edges[bin + 1] - 1;
  return last === edges[bin] ? String(last) : `${edges[bin]}–${last}`;
}

/** Bin of a count by edges: the last whose edge does not exceed it. */
export function binOfCount(edges: readonly number[], count: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (edges[middle] <= count) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Bins of a cell's entries: what `counts.counts` from `from` to `to` become. */
function binsOfCell(
  { edges, count }: Bins,
  values: Uint16Array | Uint32Array,
  into: (entry: number, bin: number) => void,
): void {
  if (edges) {
    for (let i = 0; i < values.length; i++) into(i, binOfCount(edges, values[i]));
    return;
  }
  // Equal counts share the middle of their ranks. log(1 + x) rises, so ranks of counts are its ranks.
  const sorted = values.slice().sort();
  const rank = new Map<number, number>();
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    rank.set(sorted[from], Math.floor(((count - 1) * (from + to)) / (2 * sorted.length)));
    from = to;
  }
  for (let i = 0; i < values.length; i++) into(i, 1 + rank.get(values[i])!);
}

/** Tokens of all cells, [cells][genes]. */
export function tokensOfCounts(counts: SparseCounts, bins: Bins): Uint8Array<ArrayBuffer> {
  const tokens = new Uint8Array(counts.rows * counts.columns);
  forEachRow(counts, (cell, genes, values) => {
    binsOfCell(bins, values, (entry, bin) => {
      tokens[cell * counts.columns + genes[entry]] = bin;
    });
  });
  return tokens;
}
