/**
 * Gaussian, 3 parameters, 3 data (the first task of GenSBI's guide): θ ~ U(−2, 2)³, x = θ + 1 + 0.1 z.
 *
 * Numbers: prior 0–2 are the uniforms of θ; noise 0–2 the normals z.
 * Posterior: θi ~ N(xi − 1, 0.1²) restricted to (−2, 2), independent.
 */
import type { RandomKey } from '../../../stats/threefry.ts';
import { observationsOf } from './observations.ts';
import { box, drawPrior, insidePrior, logNormal } from './prior.ts';
import { normalOf, ProposalNumbers, PURPOSE, wordsOf } from './random.ts';
import type { FlowTask } from './task.ts';
import { normalMass, truncatedNormal } from './truncated-normal.ts';

const DIM = 3;
const LIMIT = 2;
const OFFSET = 1;
const SD = 0.1;
const prior = box(DIM, -LIMIT, LIMIT);

function simulateAt(theta: ArrayLike<number>, key: RandomKey, index: number): Float64Array {
  const words = wordsOf(key, index, PURPOSE.noise, DIM);
  return Float64Array.from(words, (word, i) => theta[i] + OFFSET + SD * normalOf(word));
}

function simulate(key: RandomKey, index: number) {
  const theta = drawPrior(prior, key, index);
  return { theta, x: simulateAt(theta, key, index) };
}

export const gaussian: FlowTask = {
  id: 'gaussian',
  title: 'Gaussian',
  parameters: ['θ1', 'θ2', 'θ3'],
  thetaDim: DIM,
  xDim: DIM,
  prior,
  simulate,
  simulateAt,
  logLikelihood: (theta, x) => sumOver((i) => logNormal(x[i], theta[i] + OFFSET, SD)),
  samplePosterior(x, n, key) {
    const draws = new Float64Array(n * DIM);
    for (let draw = 0; draw < n; draw++) {
      const numbers = new ProposalNumbers(key, draw);
      for (let i = 0; i < DIM; i++) {
        draws[draw * DIM + i] = truncatedNormal(x[i] - OFFSET, SD, -LIMIT, LIMIT, numbers.uniform());
      }
    }
    return draws;
  },
  posteriorLogDensity(x) {
    const logMass = sumOver((i) => Math.log(normalMass(x[i] - OFFSET, SD, -LIMIT, LIMIT)));
    return (theta) =>
      insidePrior(prior, theta)
        ? sumOver((i) => logNormal(theta[i], x[i] - OFFSET, SD)) - logMass
        : Number.NEGATIVE_INFINITY;
  },
  observations: observationsOf('gaussian', simulate),
};

function sumOver(term: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < DIM; i++) sum += term(i);
  return sum;
}
