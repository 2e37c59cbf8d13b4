/** Turns the records and draws of finished posteriors into results, in the user's units. */
import { GpuError } from '../../../gpu/errors.ts';
import type { ItemInfo } from '../../../results/item.ts';
import type { DrawColumn, PosteriorItem } from '../../../results/posterior/item.ts';
import { FIT_EVALUATIONS, gradientsPerTransition, type ModelSpec } from '../model-spec.ts';
import { describeFit, toUserUnits } from '../twin/draws.ts';
import { stepJitter } from '../twin/streams.ts';
import { CHAIN, DRAW_EXTRAS, POSTERIOR } from './layout.ts';

/** ΔH above which a trajectory counts as divergent, as in Stan. */
const DIVERGENCE = 1000;

/** The adapter ended a loop early or skipped work: results would be wrong without any error from WebGPU. */
export class IncompleteWorkError extends GpuError {
  override readonly name = 'IncompleteWorkError';
  constructor(runId: string, what: string, expected: number, found: number) {
    super(
      `The GPU did not finish its work on ${runId}: ${found} of ${expected} ${what}.`,
      'Items finished before are kept; those of this chunk are not used.',
      'The driver ends long loops silently. Please report this with the name of the adapter.',
    );
  }
}

/** Records of one item as they lie on the device. */
export interface ItemRecords {
  readonly posterior: ArrayBuffer;
  readonly chains: ArrayBuffer;
  /** [chain][draw][D + DRAW_EXTRAS]. */
  readonly draws: Float32Array;
}

/** Gradients of an item: the fit, one a chain at the start, then those of every transition. */
export function gradientsPerItem(spec: ModelSpec): number {
  const { chains, warmup, draws } = spec.sampler;
  return FIT_EVALUATIONS + chains * (1 + (warmup + draws) * gradientsPerTransition(spec));
}

/**
 * Compares the device's own counters with what was asked for: the guard against drivers that cut loops short.
 * `lanePixels`: pixels that lane 0 visits in one evaluation. Throws `IncompleteWorkError`.
 */
export function checkWork(spec: ModelSpec, info: ItemInfo, records: ItemRecords, lanePixels: number): void {
  const { chains, warmup, draws } = spec.sampler;
  const check = (what: string, expected: number, found: number) => {
    if (expected !== found) throw new IncompleteWorkError(info.runId, what, expected, found);
  };
  const posterior = new Uint32Array(records.posterior);
  check('fit evaluations', FIT_EVALUATIONS, posterior[POSTERIOR.evaluations]);
  check('pixels in the fit', FIT_EVALUATIONS * lanePixels, posterior[POSTERIOR.visited]);
  const words = new Uint32Array(records.chains);
  const evaluations = 1 + (warmup + draws) * gradientsPerTransition(spec);
  for (let chain = 0; chain < chains; chain++) {
    const at = chain * CHAIN.words;
    check('transitions', warmup + draws, words[at + CHAIN.transition]);
    check('gradients', evaluations, words[at + CHAIN.evaluations]);
    check('pixels', evaluations * lanePixels, words[at + CHAIN.visited]);
  }
}

/**
 * exp to f32, the precision of what it is taken of. JavaScript engines differ in the last bit of Math.exp (V8 of Node 20 and of
 * Chromium 156 do), and equal runs must give equal files in all of them.
 */
const exp32 = (x: number): number => Math.fround(Math.exp(x));

/** θ in the user's units from what the kernels store: positions from the centre, logarithms of flux/σ and hlr/px. */
export function fromDevice(spec: ModelSpec, stored: Float64Array): Float64Array {
  const theta = stored.slice();
  if (spec.free >= 6) {
    theta[4] = exp32(stored[4]) * spec.noiseSigma;
    theta[5] = exp32(stored[5]);
  }
  return toUserUnits(spec, theta);
}

/** One finished item. */
export function posteriorItem(
  spec: ModelSpec,
  names: readonly string[],
  info: ItemInfo,
  records: ItemRecords,
): PosteriorItem {
  const { chains, warmup, draws } = spec.sampler;
  const d = spec.free;
  const stride = d + DRAW_EXTRAS;
  const total = chains * draws;
  const parameters: DrawColumn[] = names.map((name) => ({ name, values: new Float64Array(total) }));
  const stored = new Float64Array(d);
  for (let i = 0; i < total; i++) {
    for (let j = 0; j < d; j++) stored[j] = records.draws[i * stride + j];
    const theta = fromDevice(spec, stored);
    for (let j = 0; j < d; j++) parameters[j].values[i] = theta[j];
  }
  const column = (index: number, offset = 0): Float64Array =>
    Float64Array.from({ length: total }, (_, i) => records.draws[i * stride + d + index] + offset);
  // The kernels leave out the constant ½ N_pix so that f32 keeps its digits; here it comes back.
  const offset = 0.5 * spec.nx * spec.ny;
  const energyError = column(1);
  const step = stepSizeOf(spec, new Float32Array(records.posterior));
  return {
    info,
    chains,
    draws,
    parameters,
    stats: [
      { name: 'lp', values: column(0, -offset) },
      { name: 'energy', values: column(2, offset) },
      { name: 'energy_error', values: energyError },
      { name: 'acceptance_rate', values: column(3) },
      {
        name: 'step_size',
        values: Float64Array.from(
          { length: total },
          (_, i) => step * stepJitter(warmup + (i % draws), spec.sampler.jitter),
        ),
      },
      { name: 'n_steps', values: new Int32Array(total).fill(spec.sampler.steps) },
      { name: 'diverging', values: Uint8Array.from(energyError, (dh) => (dh > DIVERGENCE ? 1 : 0)) },
    ],
    fit: fitOf(spec, new Float32Array(records.posterior)),
    gradients: gradientsPerItem(spec),
  };
}

/** The step size that warm-up arrived at, without jitter. */
export function stepSizeOf(spec: ModelSpec, posterior: Float32Array): number {
  const { minStepSize, maxStepSize } = spec.sampler;
  return Math.min(maxStepSize, Math.max(minStepSize, exp32(posterior[POSTERIOR.logStepAverage])));
}

/** Where the fit ended, in unconstrained coordinates. */
export function modeOf(spec: ModelSpec, posterior: Float32Array): Float64Array {
  const q = Float64Array.from(posterior.subarray(POSTERIOR.mode, POSTERIOR.mode + spec.free));
  if (spec.free >= 6) q[4] += Math.log(spec.noiseSigma);
  return q;
}

function fitOf(spec: ModelSpec, posterior: Float32Array): PosteriorItem['fit'] {
  const d = spec.free;
  const curvature = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      curvature[i * d + j] = posterior[POSTERIOR.hessian + 8 * i + j];
      curvature[j * d + i] = curvature[i * d + j];
    }
  }
  return describeFit(spec, { q: modeOf(spec, posterior), curvature }, posterior[POSTERIOR.chi] + spec.nx * spec.ny);
}
