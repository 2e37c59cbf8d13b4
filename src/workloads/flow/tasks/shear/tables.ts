/** The stored numbers of the shear task, made by `scripts/shear-task/derive.mjs` from the model of the shear experiment's preset `level0`. */
import { DERIVATIVES, dot, orthonormal, parityOf, unfold } from './basis.ts';
import { ROW, TERMS, termsOf } from './emulator.ts';
import stored from './tables.json' with { type: 'json' };

/** Pixels a side. */
export const STAMP = 48;
export const PIXELS = STAMP * STAMP;
/** Of the preset `level0`. */
export const PIXEL_SCALE_ARCSEC = 0.1;
/** Of every pixel. */
export const NOISE_SIGMA = stored.noiseSigma;
/** g1, g2: normal. The position is uniform over a pixel around the stamp's centre. */
export const SHEAR_PRIOR = stored.prior;
export const POSITION_REACH = 0.5;

let rows: readonly Float64Array[] | undefined;

/** A, [SUMMARIES][PIXELS]. */
export function summaryBasis(quadrants: readonly ArrayLike<number>[] = stored.quadrants): readonly Float64Array[] {
  return orthonormal(quadrants.map((quadrant, k) => unfold(quadrant, parityOf(DERIVATIVES[k]), STAMP)));
}

/** Summaries of a stamp, row-major [48, 48], flux per pixel: A d/σ − A μ₀/σ, rounded to f32. */
export function summarise(pixels: ArrayLike<number>): Float64Array {
  rows ??= summaryBasis();
  return Float64Array.from(rows, (row, k) => Math.fround(dot(row, pixels) / NOISE_SIGMA - stored.fiducial[k]));
}

/** Coefficients, [TERMS][ROW]. */
export const coefficients: Float32Array<ArrayBuffer> = coefficientTable(stored.coefficients);

/** The table from what each summary has of its own terms. */
export function coefficientTable(bySummary: readonly (readonly number[])[]): Float32Array<ArrayBuffer> {
  const table = new Float32Array(TERMS.length * ROW);
  bySummary.forEach((values, k) => {
    termsOf(k).forEach((term, i) => {
      table[term * ROW + k] = values[i];
    });
  });
  return table;
}
