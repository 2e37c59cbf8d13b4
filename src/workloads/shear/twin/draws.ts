/** Collects one item's draws and makes the `PosteriorItem` of them, in the user's units. */

import type { ItemInfo } from '../../../results/item.ts';
import type { DrawColumn, PosteriorItem } from '../../../results/posterior/item.ts';
import type { ModelSpec } from '../model-spec.ts';
import type { Fit } from './fit.ts';
import type { PosteriorSampler } from './hmc.ts';
import { cholesky, solveLower } from './linear.ts';
import { naturalSlopes, toNatural } from './transform.ts';

/** θ in the user's convention: x, y from the stamp's corner (px), hlr in arcsec. */
export function toUserUnits(spec: ModelSpec, theta: Float64Array): Float64Array {
  const out = theta.slice();
  out[2] += 0.5 * spec.nx;
  out[3] += 0.5 * spec.ny;
  if (spec.free >= 6) out[5] *= spec.pixelScaleArcsec;
  return out;
}

/** Mode and standard deviations of the fit's normal approximation, user's units. */
export function describeFit(spec: ModelSpec, fit: Fit, chi2: number): PosteriorItem['fit'] {
  const d = spec.free;
  const dataCount = spec.noiseFree ? {} : { dataCount: spec.nx * spec.ny };
  const slopes = naturalSlopes(spec, fit.q);
  if (d >= 6) slopes[5] *= spec.pixelScaleArcsec;
  const lower = cholesky(fit.curvature, d);
  const sd = Array.from(slopes, (slope, i) => {
    if (!lower) return slope / Math.sqrt(fit.curvature[i * d + i]);
    const unit = new Float64Array(d);
    unit[i] = 1;
    return slope * Math.hypot(...solveLower(lower, unit, d));
  });
  return { mean: Array.from(toUserUnits(spec, toNatural(spec, fit.q))), sd, chi2, ...dataCount };
}

/** Per-draw columns of one item, [chain][draw]. */
export class DrawStore {
  readonly #spec: ModelSpec;
  readonly #parameters: readonly { readonly name: string; readonly values: Float64Array }[];
  readonly #stats: Record<'lp' | 'energy' | 'energy_error' | 'acceptance_rate' | 'step_size', Float64Array>;
  readonly #steps: Int32Array;
  readonly #diverging: Uint8Array;

  constructor(spec: ModelSpec, parameterNames: readonly string[]) {
    this.#spec = spec;
    const size = spec.sampler.chains * spec.sampler.draws;
    this.#parameters = parameterNames.map((name) => ({ name, values: new Float64Array(size) }));
    this.#stats = {
      lp: new Float64Array(size),
      energy: new Float64Array(size),
      energy_error: new Float64Array(size),
      acceptance_rate: new Float64Array(size),
      step_size: new Float64Array(size),
    };
    this.#steps = new Int32Array(size).fill(spec.sampler.steps);
    this.#diverging = new Uint8Array(size);
  }

  /** Keeps where every chain stands as draw number `draw`. */
  keep(sampler: PosteriorSampler, draw: number): void {
    const { nx, ny } = this.#spec;
    const { chains, draws } = this.#spec.sampler;
    // Back from Σ (r² − 1) to Σ r²: lp is the log density without its constant normalisation.
    const offset = 0.5 * nx * ny;
    for (let chain = 0; chain < chains; chain++) {
      const at = chain * draws + draw;
      const theta = toUserUnits(this.#spec, toNatural(this.#spec, sampler.positionOf(chain)));
      this.#parameters.forEach(({ values }, i) => {
        values[at] = theta[i];
      });
      const record = sampler.record(chain);
      this.#stats.lp[at] = sampler.logDensityOf(chain) - offset;
      this.#stats.energy[at] = record.energy + offset;
      this.#stats.energy_error[at] = record.energyError;
      this.#stats.acceptance_rate[at] = record.acceptance;
      this.#stats.step_size[at] = record.stepSize;
      this.#diverging[at] = record.divergent ? 1 : 0;
    }
  }

  /** The finished item. */
  item(info: ItemInfo, fit: PosteriorItem['fit'], gradients: number): PosteriorItem {
    const { chains, draws } = this.#spec.sampler;
    const stats: DrawColumn[] = [
      ...Object.entries(this.#stats).map(([name, values]) => ({ name, values })),
      { name: 'n_steps', values: this.#steps },
      { name: 'diverging', values: this.#diverging },
    ];
    return { info, chains, draws, parameters: this.#parameters, stats, fit, gradients };
  }
}
