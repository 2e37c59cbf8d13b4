/** What a shear posterior costs, for rooflines and time estimates. */
import type { WorkEstimate } from '../workload.ts';
import { FIT_EVALUATIONS, gradientsPerTransition, type ModelSpec } from './model-spec.ts';

/** Points per pixel of the corrected 2 × 2 rule. */
const pointsPerPixel = 4;
/**
 * Floating-point operations counted line by line in the pixel loop of `shaders/shear/likelihood.wgsl` (gradient, no normal equations):
 * add, subtract, multiply and exp2 are one each, a multiply-add two. Everything outside the loop is below 1 %.
 */
const flop = {
  /** Of one Gaussian at one point: exponent 3, exp2, weight, αN, βN, and nine for the six sums. */
  gaussian: 16,
  /** The same where PSFs of several widths meet: two more sums. */
  gaussianManyPsf: 20,
  /** Of a point: u, v and their squares 10, T-derivatives' common term 6, value 1, five derivatives 10, their sums 10. */
  point: 37,
  pointManyPsf: 31,
  /** Of a pixel: its place 4, residual, χ² and flux derivative 6. */
  pixel: 10,
};

/** FLOP and bytes of a gradient, and gradients of an item: the fit, then every transition of every chain. */
export function shearWork(spec: ModelSpec): WorkEstimate {
  const { nx, ny, components, sampler } = spec;
  const transitions = sampler.warmup + sampler.draws;
  const manyPsf = new Set(components.map(({ psfVariance }) => psfVariance)).size > 1;
  const perPoint =
    (manyPsf ? flop.pointManyPsf : flop.point) + components.length * (manyPsf ? flop.gaussianManyPsf : flop.gaussian);
  return {
    flopPerUnit: nx * ny * (flop.pixel + pointsPerPixel * perPoint),
    bytesPerUnit: nx * ny * Float32Array.BYTES_PER_ELEMENT,
    // One gradient a chain starts the first trajectory.
    unitsPerItem: FIT_EVALUATIONS + sampler.chains * (1 + transitions * gradientsPerTransition(spec)),
  };
}

/** Statistics of a draw in f64 (`gpu/collect.ts`): log density, energy and its error, acceptance, step size. */
const statistics = 5;

/** Bytes of an item's draws as a run holds them: parameters and statistics, a count of steps and a flag. */
export function resultBytes({ free, sampler }: ModelSpec): number {
  const draw = (free + statistics) * Float64Array.BYTES_PER_ELEMENT + Int32Array.BYTES_PER_ELEMENT + 1;
  return sampler.chains * sampler.draws * draw;
}
