/**
 * Gaussian linear, 10 parameters, 10 data (sbibm T.1): θ ~ N(0, 0.1 I), x ~ N(θ, 0.1 I); 0.1 is a variance.
 *
 * Numbers: prior 0–9 are the normals of θ = √0.1 z; noise 0–9 the normals of x = θ + √0.1 z.
 * Posterior: N(x/2, 0.05 I).
 */
import type { RandomKey } from '../../../stats/threefry.ts';
import { observationsOf } from './observations.ts';
import { drawPrior, logNormal, type NormalPrior } from './prior.ts';
import { normalOf, ProposalNumbers, PURPOSE, wordsOf } from './random.ts';
import type { FlowTask } from './task.ts';

const DIM = 10;
const SD = Math.sqrt(0.1);
const POSTERIOR_SD = Math.sqrt(0.05);
const prior: NormalPrior = {
  kind: 'normal',
  mean: new Array<number>(DIM).fill(0),
  sd: new Array<number>(DIM).fill(SD),
};

function simulateAt(theta: ArrayLike<number>, key: RandomKey, index: number): Float64Array {
  const words = wordsOf(key, index, PURPOSE.noise, DIM);
  return Float64Array.from(words, (word, i) => theta[i] + SD * normalOf(word));
}

function simulate(key: RandomKey, index: number) {
  const theta = drawPrior(prior, key, index);
  return { theta, x: simulateAt(theta, key, index) };
}

export const gaussianLinear: FlowTask = {
  id: 'gaussian_linear',
  title: 'Gaussian linear',
  parameters: Array.from({ length: DIM }, (_, i) => `θ${i + 1}`),
  thetaDim: DIM,
  xDim: DIM,
  prior,
  simulate,
  simulateAt,
  logLikelihood: (theta, x) => sumOver((i) => logNormal(x[i], theta[i], SD)),
  samplePosterior(x, n, key) {
    const draws = new Float64Array(n * DIM);
    for (let draw = 0; draw < n; draw++) {
      const numbers = new ProposalNumbers(key, draw);
      for (let i = 0; i < DIM; i++) draws[draw * DIM + i] = x[i] / 2 + POSTERIOR_SD * numbers.normal();
    }
    return draws;
  },
  posteriorLogDensity: (x) => (theta) => sumOver((i) => logNormal(theta[i], x[i] / 2, POSTERIOR_SD)),
  observations: observationsOf('gaussian_linear', simulate),
};

function sumOver(term: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < DIM; i++) sum += term(i);
  return sum;
}
