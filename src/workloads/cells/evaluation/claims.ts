/** Which of the seed project's claims about 16 bits hold here: twice the speed, half the memory, the accuracy of f32. */
import type { PrecisionRow, PrecisionTable, TableMetric } from './types.ts';

/** What 16 bits may do to logits and to the tokens of one step before a network counts as another one. */
const BOUNDS = {
  half: { maxOverRms: 5e-3, kl: 2e-6, flips: 1e-3 },
  bfloat: { maxOverRms: 4e-2, kl: 1e-4, flips: 1e-2 },
} as const;

/** Claims of kleonlab/st3's notes on half precision. */
const TWICE = 2;
const HALF = 0.5;
/** What still counts as "about". */
const ABOUT = 0.05;

/** A sentence for every precision beside f32, from the table's own numbers. */
export function claimWords({ rows, again }: Pick<PrecisionTable, 'rows' | 'again'>): string[] {
  const [exact, ...others] = rows;
  return others.map(
    (row) => `${row.precision}: ${speed(row, exact)}; ${memory(row, exact)}; ${accuracy(row, exact, again)}`,
  );
}

function speed(row: PrecisionRow, exact: PrecisionRow): string {
  const factor = row.cellsPerSecond / exact.cellsPerSecond;
  return `${factor.toFixed(2)} times the cells per second of f32 (twice is claimed: ${factor >= TWICE - ABOUT ? 'it holds' : 'not here'})`;
}

function memory({ bytes }: PrecisionRow, { bytes: before }: PrecisionRow): string {
  const network = (bytes.weights + bytes.activations) / (before.weights + before.activations);
  const all =
    (network * (before.weights + before.activations) + bytes.others) /
    (before.weights + before.activations + before.others);
  const verdict = all <= HALF + ABOUT ? 'it holds' : network <= HALF + ABOUT ? 'of the network alone' : 'not here';
  return `${percent(network)} of the bytes of weights and activations, ${percent(all)} of all (about half is claimed: ${verdict})`;
}

function accuracy(row: PrecisionRow, exact: PrecisionRow, again: PrecisionTable['again']): string {
  const { maxOverRms, kl, flips } = row.logits;
  const bounds = row.precision === 'bf16-storage' ? BOUNDS.bfloat : BOUNDS.half;
  const over = [
    ...(maxOverRms > bounds.maxOverRms ? [`logits (${bounds.maxOverRms})`] : []),
    ...(kl > bounds.kl ? [`KL (${bounds.kl})`] : []),
    ...(flips > bounds.flips ? [`tokens (${percent(bounds.flips)})`] : []),
  ];
  const verdict = over.length === 0 ? 'within the bounds, it holds' : `beyond the bound of ${over.join(' and ')}`;
  const moved = again ? `. ${movements(row, exact, again)}.` : '.';
  return `logits differ by ${short(maxOverRms)} of their size at most, KL ${short(kl)}, ${percent(flips, 3)} of tokens in one step (the accuracy of f32 is claimed: ${verdict})${moved}`;
}

const NAMED: readonly (readonly [TableMetric, string])[] = [
  ['corr_mse', 'correlation MSE'],
  ['frechet', 'Fréchet distance'],
];

/** How metrics move, beside what other seeds in f32 do. */
function movements(row: PrecisionRow, exact: PrecisionRow, again: NonNullable<PrecisionTable['again']>): string {
  const parts = NAMED.map(([id, name]) => {
    const by = (other: number | null) => short(Math.abs((other ?? Number.NaN) - (exact.quality[id] ?? Number.NaN)));
    return `${name} by ${by(row.quality[id])} (other seeds alone: ${by(again[id])})`;
  });
  return `After all steps it moves ${parts.join(' and ')}`;
}

const percent = (share: number, digits = 1) => `${Number((100 * share).toFixed(digits))} %`;
const short = (value: number) => String(Number(value.toPrecision(2)));
