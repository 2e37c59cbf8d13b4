/**
 * SLCP, simple likelihood and complex posterior, 5 parameters, 8 data (sbibm T.3; Papamakarios et al. 2019): θ ~ U(−3, 3)⁵, four
 * points from N((θ1, θ2), Σ) with s1 = θ3², s2 = θ4², ρ = tanh θ5:
 * xj = (θ1 + s1 z1, θ2 + s2 (ρ z1 + √(1 − ρ²) z2)).
 *
 * Numbers: prior 0–4 are the uniforms of θ; noise 2j and 2j + 1 the normals z1 and z2 of point j, j = 0 … 3; x = (x0, y0, x1, y1, …).
 * Networks see five sufficient statistics of the points (`summary.ts`).
 * Posterior: `slcp-posterior.ts`; four modes of equal weight in the signs of θ3 and θ4.
 */
import { keyOfSeed, type RandomKey } from '../../../stats/threefry.ts';
import { acceptDraws, acceptedShare } from './accept.ts';
import { observationsOf } from './observations.ts';
import { box, drawPrior, insidePrior } from './prior.ts';
import { normalOf, PURPOSE, wordsOf } from './random.ts';
import { envelopeOf, envelopeShare, logUnboundedEvidence, POINTS, pointSums, proposeSlcp } from './slcp-posterior.ts';
import type { FlowTask } from './task.ts';

const prior = box(5, -3, 3);
/** For the share of the unbounded posterior inside the box: log density is off by about 0.01 where that share is 0.1. */
const SHARE_PROPOSALS = 2 ** 17;

function simulateAt(theta: ArrayLike<number>, key: RandomKey, index: number): Float64Array {
  const z = Float64Array.from(wordsOf(key, index, PURPOSE.noise, 2 * POINTS), normalOf);
  const [s1, s2, rho] = [theta[2] ** 2, theta[3] ** 2, Math.tanh(theta[4])];
  const across = Math.sqrt(1 - rho * rho);
  return z.map((_, i) => {
    const first = i & ~1;
    return i === first ? theta[0] + s1 * z[i] : theta[1] + s2 * (rho * z[first] + across * z[i]);
  });
}

function simulate(key: RandomKey, index: number) {
  const theta = drawPrior(prior, key, index);
  return { theta, x: simulateAt(theta, key, index) };
}

function logLikelihood(theta: ArrayLike<number>, x: ArrayLike<number>): number {
  const [s1, s2, rho] = [theta[2] ** 2, theta[3] ** 2, Math.tanh(theta[4])];
  const across = 1 - rho * rho;
  let sum = -POINTS * Math.log(2 * Math.PI * s1 * s2 * Math.sqrt(across));
  for (let j = 0; j < POINTS; j++) {
    const z1 = (x[2 * j] - theta[0]) / s1;
    const z2 = (x[2 * j + 1] - theta[1]) / s2;
    sum -= (0.5 * (z1 * z1 - 2 * rho * z1 * z2 + z2 * z2)) / across;
  }
  return sum;
}

export const slcp: FlowTask = {
  id: 'slcp',
  title: 'SLCP',
  parameters: ['θ1', 'θ2', 'θ3', 'θ4', 'θ5'],
  thetaDim: 5,
  xDim: 2 * POINTS,
  summary: 'point-statistics',
  prior,
  simulate,
  simulateAt,
  logLikelihood,
  samplePosterior(x, n, key) {
    const points = pointSums(x);
    const envelope = envelopeOf(points.r);
    return acceptDraws(n, 5, key, (numbers, theta) => proposeSlcp(numbers, theta, points, envelope, prior));
  },
  posteriorLogDensity(x) {
    const points = pointSums(x);
    const envelope = envelopeOf(points.r);
    const accepted = acceptedShare(SHARE_PROPOSALS, 5, keyOfSeed(0), (numbers, theta) =>
      proposeSlcp(numbers, theta, points, envelope, prior),
    );
    const inside = accepted / envelopeShare(points.r, envelope);
    const logEvidence = logUnboundedEvidence(points) + Math.log(inside);
    return (theta) => (insidePrior(prior, theta) ? logLikelihood(theta, x) - logEvidence : Number.NEGATIVE_INFINITY);
  },
  observations: observationsOf('slcp', simulate),
};
