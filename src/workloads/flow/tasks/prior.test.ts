/** Priors with shoulders: what networks of box priors are trained on. */
import { describe, expect, it } from 'vitest';
import { ksUniform } from '../../../stats/ks.ts';
import { normalCdf } from '../../../stats/normal.ts';
import { keyOfSeed } from '../../../stats/threefry.ts';
import { tasks } from './index.ts';
import { box, drawPrior, insidePrior } from './prior.ts';
import { simulateOnShoulders } from './task.ts';

const KEY = keyOfSeed(8);
const DRAWS = 20_000;

describe.each([0.1, 1, 30])('a box from -1 to 3 with shoulders of %d', (shoulder) => {
  const prior = { ...box(1, -1, 3) };
  const draws = Float64Array.from({ length: DRAWS }, (_, i) => drawPrior(prior, KEY, i, shoulder)[0]);
  const inside = draws.filter((theta) => insidePrior(prior, [theta]));
  const beyond = (side: number) => draws.map((theta) => side * (theta - 1) - 2).filter((distance) => distance > 0);

  it('holds the share of the draws that its width has of the whole', () => {
    const share = 4 / (4 + shoulder * Math.sqrt(2 * Math.PI));
    expect(Math.abs(inside.length / DRAWS - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / DRAWS));
  });

  it('is uniform inside and a half Gaussian beyond either edge', () => {
    expect(ksUniform(inside.map((theta) => (theta + 1) / 4)).pValue).toBeGreaterThan(1e-3);
    for (const side of [-1, 1]) {
      const distances = beyond(side);
      expect(distances.length).toBeGreaterThan(200);
      expect(ksUniform(distances.map((d) => 2 * normalCdf(d / shoulder) - 1)).pValue).toBeGreaterThan(1e-3);
    }
  });

  it('grows with the uniform number that it comes from', () => {
    const bare = Float64Array.from({ length: DRAWS }, (_, i) => drawPrior(prior, KEY, i)[0]);
    const order = [...bare.keys()].sort((a, b) => bare[a] - bare[b]);
    for (let i = 1; i < DRAWS; i++) expect(draws[order[i]]).toBeGreaterThanOrEqual(draws[order[i - 1]]);
  });
});

describe.each(tasks.map((task) => [task.id, task] as const))('simulations of %s for training', (_, task) => {
  it('are those of the prior without shoulders', () => {
    expect(simulateOnShoulders(task, 0, KEY, 77)).toEqual(task.simulate(KEY, 77));
  });

  it('have the data of their own parameters, some of them beyond the prior where that has edges', () => {
    const made = Array.from({ length: 200 }, (_, index) => simulateOnShoulders(task, 0.5, KEY, index));
    made.forEach(({ theta, x }, index) => {
      expect(task.simulateAt(theta, KEY, index)).toEqual(x);
    });
    expect(made.some(({ theta }) => !insidePrior(task.prior, theta))).toBe(task.prior.kind === 'box');
  });
});
