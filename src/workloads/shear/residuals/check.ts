/**
 * Residuals of one stamp at its fit, in f64 on the host: autocorrelation of neighbouring pixels and scatter at the border. Formulas:
 * `absorption.ts`. The correlations are taken of the measured variance, so that noise of a wrong size does not look correlated.
 */
import { judgedResiduals, type ResidualCheck } from '../../../results/posterior/residuals.ts';
import type { ModelSpec } from '../model-spec.ts';
import { type Absorption, absorptionOf } from './absorption.ts';
import { modelImage } from './image.ts';
import { lagProduct, pairsAt } from './lags.ts';

/** The first lags of `lagsWithin`. */
const ALONG = ['x', 'y', 'the falling diagonal', 'the rising diagonal'] as const;
/** The border is this part of the shorter side. */
const BORDER_PART = 12;

export class ResidualChecks {
  readonly #spec: () => ModelSpec;
  #absorption: Absorption | undefined;

  /** @param spec of one galaxy of the run, always the same one, whatever is in the chunk */
  constructor(spec: () => ModelSpec) {
    this.#spec = spec;
  }

  /** @param spec with the item's own fixed values @param q its fit, unconstrained @param stamp in units of the noise, row-major ny × nx; undefined for images without noise */
  of(spec: ModelSpec, q: Float64Array, stamp: ArrayLike<number>): ResidualCheck | undefined {
    if (spec.noiseFree) return undefined;
    this.#absorption ??= absorptionOf(this.#spec());
    return residualCheck(spec, q, stamp, this.#absorption);
  }
}

function residualCheck(
  spec: ModelSpec,
  q: Float64Array,
  stamp: ArrayLike<number>,
  absorption: Absorption,
): ResidualCheck {
  const { nx, ny, noiseSigma } = spec;
  const { lags, absorbed, freedom, weights } = absorption;
  const residuals = modelImage(spec, q);
  for (let i = 0; i < residuals.length; i++) residuals[i] = stamp[i] - residuals[i] / noiseSigma;
  const variance = lagProduct(residuals, residuals, nx, ny, { dx: 0, dy: 0 }) / (nx * ny - freedom);
  const rho = lags.map(
    (lag, h) => (lagProduct(residuals, residuals, nx, ny, lag) / variance + absorbed[h]) / pairsAt(nx, ny, lag),
  );
  const border = borderSquare(residuals, nx, ny);
  // Var Σ r² = 2 n Σ ρ² over all lags: correlated noise averages over fewer pixels.
  const spread = rho.reduce((sum, value) => sum + 2 * value * value, 1);
  return judgedResiduals({
    neighbours: ALONG.map((along, h) => ({ along, value: rho[h], sd: 1 / Math.sqrt(pairsAt(nx, ny, lags[h])) })),
    border: { value: Math.sqrt(border.square), sd: Math.sqrt(spread / (2 * border.pixels)) },
    varianceRatio: rho.reduce((sum, value, h) => sum + weights[h] * value, 1),
  });
}

/** Mean square of the pixels along the edge. */
function borderSquare(residuals: Float64Array, nx: number, ny: number): { square: number; pixels: number } {
  const width = Math.max(1, Math.round(Math.min(nx, ny) / BORDER_PART));
  let [sum, pixels] = [0, 0];
  for (let iy = 0; iy < ny; iy++) {
    const inside = iy >= width && iy < ny - width;
    for (let ix = 0; ix < nx; ix++) {
      if (inside && ix === width) ix = nx - width;
      sum += residuals[iy * nx + ix] ** 2;
      pixels++;
    }
  }
  return { square: sum / pixels, pixels };
}
