/** What a shear posterior costs, for rooflines and time estimates. */
import type { WorkEstimate } from '../workload.ts';
import { FIT_EVALUATIONS, gradientsPerTransition, type ModelSpec } from './model-spec.ts';

/** Points per pixel of the corrected 2 × 2 rule. */
const pointsPerPixel = 4;
/**
 * Floating-point operations of one Gaussian at one point, value and gradient, an exponential counted as one: 2.0 MFLOP for
 * 48 × 48 pixels, 6 Gaussians and 4 points.
 */
const flopPerGaussian = 36;

/** FLOP and bytes of a gradient, and gradients of an item: the fit, then every transition of every chain. */
export function shearWork(spec: ModelSpec): WorkEstimate {
  const { nx, ny, components, sampler } = spec;
  const transitions = sampler.warmup + sampler.draws;
  return {
    flopPerGradient: nx * ny * components.length * pointsPerPixel * flopPerGaussian,
    bytesPerGradient: nx * ny * Float32Array.BYTES_PER_ELEMENT,
    // One gradient a chain starts the first trajectory.
    gradientsPerItem: FIT_EVALUATIONS + sampler.chains * (1 + transitions * gradientsPerTransition(spec)),
  };
}
