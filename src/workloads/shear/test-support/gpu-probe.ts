/** Runs single kernels of `shaders/shear` over given points, for comparison with the f64 twin and with outside images. */

import type { GpuContext } from '../../../gpu/context.ts';
import { linkShader, linkText, type ShaderSpec } from '../../../gpu/shaders.ts';
import { runKernel } from '../../../gpu/testing.ts';
import type { KernelShape } from '../../workload.ts';
import { CONTROL_WORDS, POSTERIOR } from '../gpu/layout.ts';
import { componentWords, fixedWords, settingsWords, startWords } from '../gpu/settings.ts';
import { chainsPerWorkgroup, fitsPerWorkgroup, kernelSpecs } from '../gpu/shaders.ts';
import { asKernelShape, type ShearShape } from '../gpu/shape.ts';
import { FIT_EVALUATIONS, type ModelSpec } from '../model-spec.ts';

/** A shape of `threads` threads a chain, every transition in one dispatch. */
export function shapeOf(threadsPerChain: number, posteriorsPerWorkgroup = 1): ShearShape {
  return { threadsPerChain, posteriorsPerWorkgroup, maxTransitionsPerDispatch: 4096 };
}

/** The same, as the engine hands it to the experiment. */
export function kernelShapeOf(threadsPerChain: number, posteriorsPerWorkgroup?: number): KernelShape {
  return asKernelShape(shapeOf(threadsPerChain, posteriorsPerWorkgroup));
}

/** One stamp (row-major ny × nx, flux per pixel) and where to look at it (q, the twin's units). */
export interface ProbePoint {
  readonly data: ArrayLike<number>;
  readonly q: ArrayLike<number>;
}

export interface ProbeDensity {
  /** Relative log density (`ALGORITHM.md`, "Log density"). */
  readonly logDensity: number;
  /** ∂ log density/∂q. */
  readonly gradient: Float64Array;
}

const DENSITY_PROBE = `
import package::shear::density::density_at;
import package::shear::state::{control, posteriors};
import constants::{LANES, EVALUATIONS_PER_WORKGROUP};
@group(0) @binding(8) var<storage, read_write> found: array<array<f32, 9>>;
@compute @workgroup_size(LANES * EVALUATIONS_PER_WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let evaluation = local / LANES;
  let lane = local % LANES;
  let row = group.x * EVALUATIONS_PER_WORKGROUP + evaluation;
  let item = min(row, control.count - 1u);
  let density = density_at(array<f32, 8>(), item, evaluation, lane);
  if (row == item && lane == 0u) {
    found[item][0] = density.log_density;
    for (var i = 0u; i < 8u; i++) { found[item][1u + i] = density.gradient[i]; }
  }
}`;

/** The sampler's log density and gradient at every point, from the device. */
export async function gpuDensities(
  gpu: GpuContext,
  spec: ModelSpec,
  shape: ShearShape,
  points: readonly ProbePoint[],
): Promise<ProbeDensity[]> {
  const found = new Float32Array(points.length * 9);
  const out = await runKernel(gpu, {
    shader: linkText('density_probe', DENSITY_PROBE, kernelSpecs(spec, shape).start),
    storage: { ...inputs(spec, points), 4: records(spec, points), 8: found },
    uniforms: uniforms(spec, points.length, 0),
    workgroups: Math.ceil(points.length / chainsPerWorkgroup(spec, shape)),
  });
  return points.map((_, row) => ({
    logDensity: out[8][9 * row],
    gradient: Float64Array.from(out[8].subarray(9 * row + 1, 9 * row + 1 + spec.free)),
  }));
}

/** Model images at every point (flux per pixel), by the very loop of the likelihood. */
export async function gpuImages(
  gpu: GpuContext,
  spec: ModelSpec,
  shape: ShearShape,
  points: readonly ArrayLike<number>[],
): Promise<Float64Array[]> {
  const pixels = spec.nx * spec.ny;
  const rows = points.map((q) => ({ q, data: new Float32Array(pixels) }));
  const render = kernelSpecs(spec, shape).render;
  const out = await runKernel(gpu, {
    shader: linkShader({ ...render, conditions: { ...render.conditions, at_mode: true } }),
    storage: { ...inputs(spec, rows), 4: records(spec, rows), 7: new Float32Array(points.length * pixels) },
    uniforms: uniforms(spec, points.length, 0),
    workgroups: points.length,
  });
  return points.map((_, row) =>
    Float64Array.from(out[7].subarray(row * pixels, (row + 1) * pixels), (value) => value * spec.noiseSigma),
  );
}

export interface ProbeFit {
  /** The fitted mode, in the twin's units. */
  readonly q: Float64Array;
  /** H at the mode, d × d. */
  readonly curvature: Float64Array;
}

/** The fit of every stamp from the prior's centre, all evaluations in one dispatch. */
export async function gpuFits(
  gpu: GpuContext,
  spec: ModelSpec,
  shape: ShearShape,
  stamps: readonly ArrayLike<number>[],
): Promise<ProbeFit[]> {
  const start = startWords(spec);
  start[4] += Math.log(spec.noiseSigma);
  const points = stamps.map((data) => ({ data, q: start }));
  const state = records(spec, points);
  for (let row = 0; row < stamps.length; row++) {
    state[row * POSTERIOR.words + POSTERIOR.f] = -3e38;
    state[row * POSTERIOR.words + POSTERIOR.lambda] = 1e-2;
  }
  const out = await runKernel(gpu, {
    shader: linkShader(kernelSpecs(spec, shape).fit),
    storage: { ...inputs(spec, points), 4: state },
    uniforms: uniforms(spec, stamps.length, FIT_EVALUATIONS),
    workgroups: Math.ceil(stamps.length / fitsPerWorkgroup(spec, shape)),
  });
  const d = spec.free;
  return stamps.map((_, row) => {
    const record = out[4].subarray(row * POSTERIOR.words);
    const q = Float64Array.from(record.subarray(POSTERIOR.mode, POSTERIOR.mode + d));
    if (d >= 6) q[4] += Math.log(spec.noiseSigma);
    const curvature = Float64Array.from({ length: d * d }, (_, n) => {
      const [i, j] = [Math.floor(n / d), n % d];
      return record[POSTERIOR.hessian + 8 * Math.max(i, j) + Math.min(i, j)];
    });
    return { q, curvature };
  });
}

/** The conditions and constants of a kernel, for probes that import its modules. */
export type ProbeSpec = Omit<ShaderSpec, 'module'>;

function inputs(spec: ModelSpec, points: readonly ProbePoint[]): Record<number, Float32Array<ArrayBuffer>> {
  const pixels = spec.nx * spec.ny;
  const stamps = new Float32Array(points.length * pixels);
  points.forEach(({ data }, row) => {
    for (let i = 0; i < pixels; i++) stamps[row * pixels + i] = data[i] / spec.noiseSigma;
  });
  return { 0: stamps, 1: componentWords(spec) };
}

/** Posterior records with `trial` and `mode` at the point and W = I, so that z = 0 is the point and ∇_z = ∇_q. */
function records(spec: ModelSpec, points: readonly ProbePoint[]): Float32Array<ArrayBuffer> {
  const words = new Float32Array(points.length * POSTERIOR.words);
  points.forEach(({ q }, row) => {
    const at = row * POSTERIOR.words;
    const device = Array.from(q);
    // The kernels count flux in units of the noise.
    if (device.length > 4) device[4] -= Math.log(spec.noiseSigma);
    words.set(device, at + POSTERIOR.trial);
    words.set(device, at + POSTERIOR.mode);
    words.set(fixedWords(spec, spec), at + POSTERIOR.logAmplitude);
    for (let i = 0; i < 8; i++) words[at + POSTERIOR.w + 9 * i] = 1;
  });
  return words;
}

/** Settings and control: `steps` is the number of evaluations of a fit, or the first row of a rendering. */
function uniforms(spec: ModelSpec, count: number, steps: number) {
  const control = new Uint32Array(CONTROL_WORDS);
  control.set([count, steps]);
  return { 2: settingsWords(spec), 3: control };
}
