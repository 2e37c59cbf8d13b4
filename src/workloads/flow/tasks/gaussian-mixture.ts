/**
 * Gaussian mixture, 2 parameters, 2 data (sbibm T.7): θ ~ U(−10, 10)², x ~ ½ N(θ, I) + ½ N(θ, 0.1² I).
 *
 * Numbers: prior 0–1 are the uniforms of θ; noise 0–1 the normals z, and the top bit of noise word 2 chooses the standard deviation s,
 * 1 where it is 0 and 0.1 where it is 1: x = θ + s z.
 * Posterior: a mixture of N(x, s² I) restricted to the box, each with the weight of its mass inside.
 */
import type { RandomKey } from '../../../stats/threefry.ts';
import { observationsOf } from './observations.ts';
import { box, drawPrior, insidePrior, logNormal } from './prior.ts';
import { normalOf, ProposalNumbers, PURPOSE, wordsOf } from './random.ts';
import type { FlowTask } from './task.ts';
import { normalMass, truncatedNormal } from './truncated-normal.ts';

const DIM = 2;
const LIMIT = 10;
const SDS = [1, 0.1] as const;
const prior = box(DIM, -LIMIT, LIMIT);

function simulateAt(theta: ArrayLike<number>, key: RandomKey, index: number): Float64Array {
  const [z0, z1, choice] = wordsOf(key, index, PURPOSE.noise, DIM + 1);
  const sd = SDS[choice >>> 31];
  return Float64Array.of(theta[0] + sd * normalOf(z0), theta[1] + sd * normalOf(z1));
}

function simulate(key: RandomKey, index: number) {
  const theta = drawPrior(prior, key, index);
  return { theta, x: simulateAt(theta, key, index) };
}

/** log of ½ N(a; b, I) + ½ N(a; b, 0.1² I), the larger term taken out. */
function logMixture(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [wide, narrow] = SDS.map((sd) => logNormal(a[0], b[0], sd) + logNormal(a[1], b[1], sd));
  const larger = Math.max(wide, narrow);
  return larger + Math.log(0.5 * (Math.exp(wide - larger) + Math.exp(narrow - larger)));
}

/** Mass inside the box of each component around x. */
function masses(x: ArrayLike<number>): [number, number] {
  const [wide, narrow] = SDS.map((sd) => normalMass(x[0], sd, -LIMIT, LIMIT) * normalMass(x[1], sd, -LIMIT, LIMIT));
  return [wide, narrow];
}

export const gaussianMixture: FlowTask = {
  id: 'gaussian_mixture',
  title: 'Gaussian mixture',
  parameters: ['θ1', 'θ2'],
  thetaDim: DIM,
  xDim: DIM,
  prior,
  simulate,
  simulateAt,
  logLikelihood: (theta, x) => logMixture(x, theta),
  samplePosterior(x, n, key) {
    const [wide, narrow] = masses(x);
    const draws = new Float64Array(n * DIM);
    for (let draw = 0; draw < n; draw++) {
      const numbers = new ProposalNumbers(key, draw);
      const sd = numbers.uniform() * (wide + narrow) < wide ? SDS[0] : SDS[1];
      for (let i = 0; i < DIM; i++) {
        draws[draw * DIM + i] = truncatedNormal(x[i], sd, -LIMIT, LIMIT, numbers.uniform());
      }
    }
    return draws;
  },
  posteriorLogDensity(x) {
    const [wide, narrow] = masses(x);
    const logMass = Math.log(0.5 * (wide + narrow));
    return (theta) => (insidePrior(prior, theta) ? logMixture(theta, x) - logMass : Number.NEGATIVE_INFINITY);
  },
  observations: observationsOf('gaussian_mixture', simulate),
};
