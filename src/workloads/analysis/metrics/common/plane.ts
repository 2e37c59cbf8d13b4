/** The two directions of a landscape, in vectors of the machine. */
import { type PathPlane, pathPlane, planeThrough } from '../../../../stats/landscape/path-plane.ts';
import { lanczosVectors, ritzVector, stepsIn } from '../lanczos.ts';
import type { MetricProgress, MetricSetting } from '../metric.ts';
import { gaussian, STREAM } from './addressed.ts';
import { filterNormalised } from './directions.ts';
import type { Pass } from './products.ts';
import { probeRun, ritzOf } from './spectrum.ts';

export const DIRECTIONS = ['direction.0', 'direction.1'] as const;

export interface Plane {
  /** What each direction is. */
  readonly names: readonly [string, string];
  /** Of the checkpoints of a path, [checkpoint][2]: projections in units of the directions. */
  readonly coordinates?: Float64Array;
  /** Share of the path's variance along each direction. */
  readonly shares?: Float64Array;
  /** Curvature that the directions should have: their eigenvalues, with bounds. */
  readonly eigenvalues?: readonly (readonly [value: number, bound: number])[];
}

/** Whether the plane is one of a path, whose checkpoints are drawn on it. */
export const ofPath = ({ plane }: Pick<MetricSetting, 'plane'>) => plane === 'path' || plane === 'checkpoints';

/** What the plane needs beside its directions. */
export function planeVectors({ plane, graph, sizes }: MetricSetting): string[] {
  return plane === 'eigenvectors' ? lanczosVectors(stepsIn(graph.size, sizes.lanczosSteps)) : [];
}

/** Writes both directions. @param raw random numbers of both; addressed unless given */
export async function* layPlane(
  pass: Pass,
  setting: MetricSetting,
  raw?: readonly ArrayLike<number>[],
): AsyncGenerator<MetricProgress, Plane> {
  const { machine } = pass;
  const { graph, theta, seed, plane } = setting;
  if (plane === 'random') {
    for (const [k, name] of DIRECTIONS.entries())
      await machine.write(
        name,
        filterNormalised(graph, theta, raw?.[k] ?? gaussian(seed, STREAM.direction + k, graph.size)),
      );
    return { names: ['Gaussian, filter-normalised', 'another, filter-normalised'] };
  }
  if (plane === 'eigenvectors') {
    const { run, kept } = yield* probeRun(pass, 'hessian', setting, 0, stepsIn(graph.size, setting.sizes.lanczosSteps));
    const { values, bounds } = ritzOf(kept);
    for (const [k, name] of DIRECTIONS.entries()) await ritzVector(machine, run, k, name);
    return {
      names: ['eigenvector of the largest eigenvalue', 'eigenvector of the second'],
      eigenvalues: DIRECTIONS.map((_, k) => [values[k], bounds[k]] as const),
    };
  }
  const { weights, coordinates, shares, scales } = pathDirections(setting);
  for (const [k, name] of DIRECTIONS.entries()) await machine.write(name, along(setting, weights, k, scales[k]));
  const names: Plane['names'] =
    plane === 'path'
      ? ['first principal component of the path', 'second principal component']
      : ['towards the first checkpoint', 'towards a middle one, at a right angle'];
  return { names, coordinates, shares };
}

/** Weights on the path's points, and their own coordinates; each direction is as long as the path reaches along it. */
function pathDirections({ path, theta, plane }: MetricSetting) {
  const count = path.length;
  const gram = differences(
    path.map((point) => point.theta),
    theta,
  );
  const last = count - 1;
  let found: Pick<PathPlane, 'weights'>;
  if (plane === 'path') found = pathPlane(gram, count, last);
  else {
    const three = [last, 0, count >> 1];
    const own = planeThrough(three.flatMap((i) => three.map((j) => gram[i * count + j])));
    const spread = new Float64Array(2 * count);
    for (let k = 0; k < 2; k++)
      for (const [i, point] of three.entries()) spread[k * count + point] += own.weights[k * 3 + i];
    found = { weights: spread };
  }
  const { weights } = found;
  const coordinates = Float64Array.from({ length: 2 * count }, (_, at) => {
    const [i, k] = [at >> 1, at & 1];
    let sum = 0;
    for (let j = 0; j < count; j++) sum += weights[k * count + j] * gram[i * count + j];
    return sum;
  });
  const scales = [0, 1].map((k) => {
    const reach = coordinates.reduce((most, value, at) => ((at & 1) === k ? Math.max(most, Math.abs(value)) : most), 0);
    return reach > 0 ? reach : 1;
  });
  return {
    weights,
    scales,
    shares: sharesOf(gram, coordinates, count),
    coordinates: coordinates.map((value, at) => value / scales[at & 1]),
  };
}

/** Of the variance of the whole path, what lies along each direction. */
function sharesOf(gram: Float64Array, coordinates: Float64Array, count: number): Float64Array {
  const variance = (square: (i: number) => number, products: (i: number, j: number) => number) => {
    let [own, mean] = [0, 0];
    for (let i = 0; i < count; i++) {
      own += square(i);
      for (let j = 0; j < count; j++) mean += products(i, j) / count;
    }
    return own - mean;
  };
  const whole = variance(
    (i) => gram[i * count + i],
    (i, j) => gram[i * count + j],
  );
  return Float64Array.from([0, 1], (k) => {
    const at = (i: number) => coordinates[2 * i + k];
    return (
      variance(
        (i) => at(i) ** 2,
        (i, j) => at(i) * at(j),
      ) / whole
    );
  });
}

/** Inner products of θ_i − θ. */
function differences(points: readonly Float32Array[], theta: Float32Array): Float64Array {
  const count = points.length;
  const gram = new Float64Array(count * count);
  for (let i = 0; i < count; i++)
    for (let j = 0; j <= i; j++) {
      const [a, b] = [points[i], points[j]];
      let sum = 0;
      for (let p = 0; p < theta.length; p++) sum += (a[p] - theta[p]) * (b[p] - theta[p]);
      gram[i * count + j] = sum;
      gram[j * count + i] = sum;
    }
  return gram;
}

function along({ path, theta }: MetricSetting, weights: Float64Array, k: number, scale: number): Float64Array {
  const out = new Float64Array(theta.length);
  for (const [i, point] of path.entries()) {
    const weight = weights[k * path.length + i] * scale;
    if (weight !== 0) for (let p = 0; p < out.length; p++) out[p] += weight * (point.theta[p] - theta[p]);
  }
  return out;
}
