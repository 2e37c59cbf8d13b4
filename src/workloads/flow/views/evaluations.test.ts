import { describe, expect, it } from 'vitest';
import { evaluationsOf, SOLVERS } from '../sampling/solvers.ts';
import { costWords, evaluationsAt, FEWEST, LADDER, MOST, PLACES, placeOf, stepsFor } from './evaluations.ts';

describe('evaluations of a solver', () => {
  it('comes within half a step of what is asked for, EDM’s shorter last step included', () => {
    for (const solver of SOLVERS.filter((each) => each !== 'dopri5'))
      for (const wanted of LADDER)
        expect(Math.abs(evaluationsOf(solver, stepsFor(solver, wanted)) - wanted), `${solver} ${wanted}`).toBeLessThan(
          3,
        );
    expect(evaluationsOf('midpoint', stepsFor('midpoint', 20))).toBe(20);
    expect(evaluationsOf('edm', stepsFor('edm', 35))).toBe(35);
  });

  it('has at least one step', () => {
    expect(stepsFor('rk4', 1)).toBe(1);
  });

  it('puts the ends of the slider on 4 and 200, and a number where it came from', () => {
    expect([evaluationsAt(0), evaluationsAt(PLACES)]).toEqual([FEWEST, MOST]);
    for (const number of LADDER)
      expect(Math.abs(evaluationsAt(placeOf(number)) - number)).toBeLessThanOrEqual(number * 0.03);
  });

  it('says what steps come to', () => {
    expect(costWords('midpoint', 'Midpoint', 10)).toBe('Midpoint × 10 steps = 20 evaluations a sample');
    expect(costWords('euler', 'Euler', 1)).toBe('Euler × 1 step = 1 evaluation a sample');
  });
});
