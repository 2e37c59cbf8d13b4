/** The stored mixture tables, and the search for one that a profile and a blur need. */
import { deriveMixture, mixtureError } from './derive.ts';
import { moffatProfile, type RadialProfile, sersicProfile } from './profiles.ts';
import stored from './tables.json' with { type: 'json' };

/** What is asked of a mixture: first-order limits of its own error. */
export type MixtureAccuracy = 'draft' | 'standard' | 'fine';

export type MixtureFamily = 'sersic' | 'moffat';

/** A stored mixture: variances in hlr² (Sérsic) or FWHM² (Moffat), errors at its narrowest blur (same unit of length). */
export interface MixtureTable {
  readonly family: MixtureFamily;
  readonly index: number;
  readonly blur: number;
  readonly ofPeak: number;
  readonly shear: number;
  readonly amplitude: readonly number[];
  readonly variance: readonly number[];
}

/** Widths of the narrowest blur for which mixtures are made, in hlr or FWHM. */
export const BLUR_LADDER = [0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 1];
/** Limits of both errors, and the counts tried for them, fewest first. */
export const GOALS = {
  draft: { ofPeak: 1e-3, shear: 5e-4, counts: [4, 6, 8, 10] },
  standard: { ofPeak: 5e-5, shear: 4e-5, counts: [6, 8, 10, 12] },
  fine: { ofPeak: 1e-5, shear: 5e-6, counts: [6, 8, 10, 12, 14] },
} as const;
/** Enough for the last digits that matter; the stored tables run longer. */
const ITERATIONS = 1500;
/**
 * Tables are fitted through a blur this much narrower than the one they are stored for: along a sheared galaxy's long axis
 * the PSF is narrower in units of the galaxy, here as for |g| = 0.16. Measured at `level0` with g = (0.3, −0.2), K = 6:
 * largest error 1.3e-4 of the peak instead of 2.3e-4.
 */
const SHEAR_MARGIN = 0.85;

export const storedTables: readonly MixtureTable[] = stored.tables as MixtureTable[];

/** The profile a family and index stand for. */
export function radialProfile(family: MixtureFamily, index: number): RadialProfile {
  return family === 'sersic' ? sersicProfile(index) : moffatProfile(index);
}

const derived = new Map<string, MixtureTable>();

/** The cheapest table for a profile seen through a Gaussian of at least `width` that meets the goal; else the best there is. */
export function findTable(
  family: MixtureFamily,
  index: number,
  width: number,
  accuracy: MixtureAccuracy,
): MixtureTable {
  if (family === 'sersic' && index === 0.5) return GAUSSIAN;
  const blur = BLUR_LADDER.reduce((best, step) => (step <= width * (1 + 1e-9) ? step : best), BLUR_LADDER[0]);
  const kept = storedTables
    .filter((t) => t.family === family && t.index === index && t.blur === blur && meetsGoal(t, accuracy))
    .sort((a, b) => a.amplitude.length - b.amplitude.length);
  const fewest = GOALS[accuracy].counts[0];
  const usable = kept.find((t) => t.amplitude.length >= fewest);
  if (usable) return usable;
  let best: MixtureTable | undefined;
  for (const count of GOALS[accuracy].counts) {
    best = deriveTable(family, index, blur, count, ITERATIONS);
    if (meetsGoal(best, accuracy)) break;
  }
  return best!;
}

/** Whether both errors of a table are within the goal. */
export function meetsGoal(table: MixtureTable, accuracy: MixtureAccuracy): boolean {
  return table.ofPeak <= GOALS[accuracy].ofPeak && Math.abs(table.shear) <= GOALS[accuracy].shear;
}

/** Derives a table and measures its error; remembered by all its arguments. */
export function deriveTable(
  family: MixtureFamily,
  index: number,
  blur: number,
  count: number,
  iterations: number,
): MixtureTable {
  const key = `${family} ${index} ${blur} ${count} ${iterations}`;
  let table = derived.get(key);
  if (!table) {
    const profile = radialProfile(family, index);
    const mixture = deriveMixture(profile, count, SHEAR_MARGIN * blur, iterations);
    const error = mixtureError(profile, mixture, blur);
    table = {
      family,
      index,
      blur,
      ...error,
      amplitude: mixture.map((c) => c.amplitude),
      variance: mixture.map((c) => c.variance),
    };
    derived.set(key, table);
  }
  return table;
}

/** A Gaussian galaxy is one component, exactly: half its light lies within σ √(2 ln 2). */
const GAUSSIAN: MixtureTable = {
  family: 'sersic',
  index: 0.5,
  blur: 0,
  ofPeak: 0,
  shear: 0,
  amplitude: [1],
  variance: [1 / (2 * Math.LN2)],
};
