/**
 * Two moons, 2 parameters, 2 data (sbibm T.8; Greenberg et al. 2019): θ ~ U(−1, 1)², a = π(u − ½), r = 0.1 + 0.01 z,
 * p = (r cos a + 0.25, r sin a), x = p + (−|θ1 + θ2|, −θ1 + θ2)/√2.
 *
 * Numbers: prior 0–1 are the uniforms of θ; noise 0 is the uniform u, noise 1 the normal z.
 * Posterior: with p from the simulator, q = (p0 − x0, x1 − p1) and a random sign of q0, θ = (q0 − q1, q0 + q1)/√2 is a draw, given that
 * p0 > x0 and θ lies inside the prior. The map from q to θ is a rotation, so densities carry over.
 */
import type { RandomKey } from '../../../stats/threefry.ts';
import { acceptDraws } from './accept.ts';
import { observationsOf } from './observations.ts';
import { box, drawPrior, insidePrior, logNormal } from './prior.ts';
import { normalOf, PURPOSE, uniformOf, wordsOf } from './random.ts';
import type { FlowTask } from './task.ts';

const CENTRE = 0.25;
const RADIUS = 0.1;
const RADIUS_SD = 0.01;
const prior = box(2, -1, 1);
/** Nodes of the integral over the crescent: the box cuts it rarely, and then the error is about one part in 10,000. */
const ANGLES = 2048;
const RADII = 128;
const RADIUS_SPAN_SD = 8;

function crescent(u: number, z: number): readonly [number, number] {
  const angle = Math.PI * (u - 0.5);
  const radius = RADIUS + RADIUS_SD * z;
  return [radius * Math.cos(angle) + CENTRE, radius * Math.sin(angle)];
}

/** log density of the crescent at p. */
function logCrescent(p0: number, p1: number): number {
  const right = p0 - CENTRE;
  if (!(right > 0)) return Number.NEGATIVE_INFINITY;
  const radius = Math.hypot(right, p1);
  return logNormal(radius, RADIUS, RADIUS_SD) - Math.log(Math.PI * radius);
}

function logLikelihood(theta: ArrayLike<number>, x: ArrayLike<number>): number {
  return logCrescent(x[0] + Math.abs(theta[0] + theta[1]) * Math.SQRT1_2, x[1] - (theta[1] - theta[0]) * Math.SQRT1_2);
}

function simulateAt(theta: ArrayLike<number>, key: RandomKey, index: number): Float64Array {
  const [u, z] = wordsOf(key, index, PURPOSE.noise, 2);
  const p = crescent(uniformOf(u), normalOf(z));
  return Float64Array.of(
    p[0] - Math.abs(theta[0] + theta[1]) * Math.SQRT1_2,
    p[1] + (theta[1] - theta[0]) * Math.SQRT1_2,
  );
}

function simulate(key: RandomKey, index: number) {
  const theta = drawPrior(prior, key, index);
  return { theta, x: simulateAt(theta, key, index) };
}

/** Fills θ for a point of the crescent. @returns whether x can come from there, with θ inside the prior. */
function unfold(p: readonly [number, number], sign: number, x: ArrayLike<number>, theta: Float64Array): boolean {
  const q0 = p[0] - x[0];
  const q1 = x[1] - p[1];
  theta[0] = (sign * q0 - q1) * Math.SQRT1_2;
  theta[1] = (sign * q0 + q1) * Math.SQRT1_2;
  return q0 > 0 && insidePrior(prior, theta);
}

/** Share of unfolded points that lie inside the prior: midpoint rule over angle and radius. */
function insideShare(x: ArrayLike<number>): number {
  const theta = new Float64Array(2);
  let inside = 0;
  let total = 0;
  for (let r = 0; r < RADII; r++) {
    const z = RADIUS_SPAN_SD * ((2 * r + 1) / RADII - 1);
    const weight = Math.exp(-0.5 * z * z);
    for (let a = 0; a < ANGLES; a++) {
      const p = crescent((a + 0.5) / ANGLES, z);
      total += 2 * weight;
      if (unfold(p, 1, x, theta)) inside += weight;
      if (unfold(p, -1, x, theta)) inside += weight;
    }
  }
  return inside / total;
}

export const twoMoons: FlowTask = {
  id: 'two_moons',
  title: 'Two moons',
  parameters: ['θ1', 'θ2'],
  thetaDim: 2,
  xDim: 2,
  prior,
  simulate,
  simulateAt,
  logLikelihood,
  samplePosterior: (x, n, key) =>
    acceptDraws(n, 2, key, (numbers, theta) => {
      const p = crescent(numbers.uniform(), numbers.normal());
      return unfold(p, numbers.uniform() < 0.5 ? 1 : -1, x, theta);
    }),
  posteriorLogDensity(x) {
    const logScale = Math.log(2 * insideShare(x));
    return (theta) => (insidePrior(prior, theta) ? logLikelihood(theta, x) - logScale : Number.NEGATIVE_INFINITY);
  },
  observations: observationsOf('two_moons', simulate),
};
