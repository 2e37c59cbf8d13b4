/** Which WGSL modules a shear problem runs, with the constants they are linked with. */

import { type BatchSizes, defaultSizes } from '../../../batch/sizes.ts';
import { linkShader, type ShaderSpec } from '../../../gpu/shaders.ts';
import type { ModelSpec } from '../model-spec.ts';
import type { ShearProblem } from '../problem.ts';
import type { ShearShape } from './shape.ts';

export type KernelName = 'fit' | 'metric' | 'start' | 'hmc' | 'render';

/** Evaluations (chains) side by side in a workgroup of `start`, `hmc`. */
export function chainsPerWorkgroup(spec: ModelSpec, shape: ShearShape): number {
  return shape.posteriorsPerWorkgroup * spec.sampler.chains;
}

/** Posteriors side by side in a workgroup of `fit`. */
export function fitsPerWorkgroup(spec: ModelSpec, shape: ShearShape, sizes: BatchSizes = defaultSizes): number {
  if (shape.threadsPerChain === 1) return chainsPerWorkgroup(spec, shape);
  return Math.max(1, Math.floor(sizes['shear.fitThreads'] / shape.threadsPerChain));
}

/** The spec of each kernel. */
export function kernelSpecs(
  spec: ModelSpec,
  shape: ShearShape,
  sizes: BatchSizes = defaultSizes,
): Record<KernelName, ShaderSpec> {
  const psfVariances = new Set(spec.components.map((component) => component.psfVariance));
  const make = (name: KernelName, evaluations: number, conditions: Record<string, boolean> = {}): ShaderSpec => ({
    module: `shear/${name}`,
    conditions: {
      shared_gaussians: shape.threadsPerChain > 1,
      many_psf: psfVariances.size > 1,
      size_free: spec.free >= 6,
      shape_free: spec.free === 8,
      gaussian_split: spec.sampler.integrator === 'gaussian-split',
      leapfrog: spec.sampler.integrator === 'leapfrog',
      minimal_norm: spec.sampler.integrator === 'minimal-norm',
      ...conditions,
    },
    constants: {
      K: `${spec.components.length}u`,
      D: `${spec.free}u`,
      NX: `${spec.nx}u`,
      NY: `${spec.ny}u`,
      CHAINS: `${spec.sampler.chains}u`,
      LANES: `${shape.threadsPerChain}u`,
      EVALUATIONS_PER_WORKGROUP: `${evaluations}u`,
      METRIC_THREADS: `${sizes['shear.metricThreads']}u`,
      // Those of lib/reduce.wgsl.
      GROUP_THREADS: shape.threadsPerChain,
      WORKGROUP_THREADS: shape.threadsPerChain * evaluations,
    },
    unroll: spec.components.length,
  });
  const chains = chainsPerWorkgroup(spec, shape);
  return {
    fit: make('fit', fitsPerWorkgroup(spec, shape, sizes), { normal_equations: true }),
    metric: make('metric', 1),
    start: make('start', chains),
    hmc: make('hmc', chains),
    render: make('render', 1, { render: true }),
  };
}

/** The text that runs, by file name, for the bundle and the Shader tab. */
export function shearShaders(problem: ShearProblem, shape: ShearShape, sizes?: BatchSizes): Record<string, string> {
  const specs = Object.entries(kernelSpecs(problem.spec, shape, sizes));
  return Object.fromEntries(specs.map(([name, spec]) => [`shear-${name}.wgsl`, linkShader(spec).wgsl]));
}
