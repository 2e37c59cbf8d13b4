/** Which mixtures are stored, and how long their derivation may run: what `scripts/mixtures/derive.mjs` writes. */
import { BLUR_LADDER, deriveTable, GOALS, type MixtureFamily, type MixtureTable, meetsGoal } from './tables.ts';

export interface WantedTable {
  readonly family: MixtureFamily;
  readonly index: number;
  readonly blur: number;
  /** Numbers of Gaussians to try, fewest first, until the standard goal is met. */
  readonly counts: readonly number[];
}

const ITERATIONS = 20_000;
/** Digits kept: far below every table's own error, and the same on every JavaScript engine once stored. */
const DIGITS = 11;

const usual = BLUR_LADDER.filter((blur) => blur >= 0.2);

export const WANTED: readonly WantedTable[] = [
  ...usual.flatMap((blur) =>
    [4, 6, 8].map((count) => ({ family: 'sersic' as const, index: 1, blur, counts: [count] })),
  ),
  // Sharper PSFs, for populations with large or elongated galaxies: presets must not depend on what an engine's Math.exp rounds to.
  ...[0.05, 0.1].map((blur) => ({ family: 'sersic' as const, index: 1, blur, counts: GOALS.standard.counts })),
  ...[1.5, 2, 2.5, 3, 4].flatMap((index) =>
    usual.map((blur) => ({ family: 'sersic' as const, index, blur, counts: GOALS.standard.counts })),
  ),
  ...[2.5, 3.5].flatMap((index) =>
    [0.1, 0.2, 0.3, 0.4].map((blur) => ({ family: 'moffat' as const, index, blur, counts: GOALS.standard.counts })),
  ),
];

/** Derives one table to convergence and rounds it. */
export function deriveStored(want: WantedTable): MixtureTable {
  let table: MixtureTable | undefined;
  for (const count of want.counts) {
    table = deriveTable(want.family, want.index, want.blur, count, ITERATIONS);
    if (meetsGoal(table, 'standard')) break;
  }
  const round = (x: number) => Number(x.toPrecision(DIGITS));
  return {
    ...table!,
    ofPeak: Number(table!.ofPeak.toPrecision(3)),
    shear: Number(table!.shear.toPrecision(3)),
    amplitude: table!.amplitude.map(round),
    variance: table!.variance.map(round),
  };
}
