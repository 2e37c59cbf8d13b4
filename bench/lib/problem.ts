/** The one problem that every contestant solves: `level0` stamps, 48 × 48 px, 6 Gaussians, 4 parameters, and where to evaluate. */
import { keyOfSeed } from '../../src/stats/threefry.ts';
import type { ModelSpec } from '../../src/workloads/shear/model-spec.ts';
import { observationsOf } from '../../src/workloads/shear/observations.ts';
import type { ShearProblem } from '../../src/workloads/shear/problem.ts';
import { fillNormals, PURPOSE } from '../../src/workloads/shear/twin/streams.ts';
import { toNatural, toUnconstrained } from '../../src/workloads/shear/twin/transform.ts';
import { shearWorkload } from '../../src/workloads/shear/workload.ts';
import { defaultsOf } from './params.ts';

const SEED = 42;
/** About 1.5 posterior sd of g1, g2 (shear) and of x, y (px): near the mode, where a sampler lives, with gradients well above rounding. */
const OFFSETS = [3e-3, 3e-3, 1.2e-2, 1.2e-2];

export interface GradientProblem {
  readonly spec: ModelSpec;
  /** [count][ny × nx], in units of the noise σ. */
  readonly stamps: Float32Array<ArrayBuffer>;
  /** Where each stamp's gradient is taken, unconstrained: [count][4]. */
  readonly q: Float32Array<ArrayBuffer>;
  /** The same points as g1, g2 and the position from the stamp's centre in px: [count][4]. */
  readonly theta: Float32Array<ArrayBuffer>;
}

/** `count` stamps with a point each; the shears of the preset in turn, a noise of its own for each. */
export function gradientProblem(count: number): GradientProblem {
  const problem = shearProblem(count);
  const { spec, items } = problem;
  const observations = observationsOf(problem);
  const pixels = spec.nx * spec.ny;
  const stamps = new Float32Array(count * pixels);
  const q = new Float32Array(count * spec.free);
  const theta = new Float32Array(count * spec.free);
  const normals = new Float64Array(spec.free);
  for (let i = 0; i < count; i++) {
    const { truth, seed } = items[i];
    stamps.set(
      observations.data(i).map((value) => value / spec.noiseSigma),
      i * pixels,
    );
    fillNormals(keyOfSeed(seed), 0, 0, PURPOSE.disperse, normals);
    const truths = [truth.g1, truth.g2, truth.x - spec.nx / 2, truth.y - spec.ny / 2];
    q.set(
      toUnconstrained(
        spec,
        truths.map((value, j) => value + OFFSETS[j] * Math.max(-2, Math.min(2, normals[j]))),
      ),
      i * spec.free,
    );
    theta.set(toNatural(spec, Float64Array.from(q.subarray(i * spec.free, (i + 1) * spec.free))), i * spec.free);
  }
  return { spec, stamps, q, theta };
}

/** A `level0` run of at least `count` items. */
export function shearProblem(count: number): ShearProblem {
  const params = levelZero(count);
  return shearWorkload.configure(params, {}).prepare(SEED);
}

/** Parameters of that run: the preset with enough realizations. */
export function levelZero(count: number): ReturnType<typeof defaultsOf> {
  const params = defaultsOf(shearWorkload.params);
  const grid = params.shearGrid as readonly number[];
  return { ...params, realizations: Math.ceil(count / grid.length) };
}
