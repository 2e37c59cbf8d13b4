/** The exact posteriors with as many draws as make evidence; fewer of the same: `tasks.test.ts`. */
import { describe, expect, it } from 'vitest';
import { ksUniform } from '../../../stats/ks.ts';
import { calibrationRanks, massOfBox } from '../test-support/exact-draws.ts';
import { gaussian } from './gaussian.ts';
import { tasks } from './index.ts';
import { twoMoons } from './two-moons.ts';

const each = tasks.map((task) => [task.id, task] as const);

describe.each(each)('task %s', (_, task) => {
  it('has a normalised density that its draws follow', () => {
    for (const { x } of task.observations.slice(-2)) {
      const wide = task.thetaDim > 2 ? 1.2 : 0.6;
      const n = 40_000;
      const [share, integral] = massOfBox(task, x, (sd) => wide * sd, n);
      expect(share * n).toBeGreaterThan(100);
      expect(Math.abs(integral / share - 1)).toBeLessThan(0.05 + 4 / Math.sqrt(share * n));
    }
  });

  it('passes simulation-based calibration: ranks of the truth among exact draws are uniform', () => {
    for (const values of calibrationRanks(task, 400)) expect(ksUniform(values).pValue).toBeGreaterThan(1e-3);
  });
});

describe('edges', () => {
  it('two moons near the corner of the prior lose what lies outside', () => {
    const [share, integral] = massOfBox(twoMoons, Float64Array.of(0.34 - Math.SQRT2, 0), () => 0.05, 40_000);
    expect(Math.abs(integral / share - 1)).toBeLessThan(0.1);
  });

  it('two moons at the fold θ1 = −θ2 lose what would lie beyond it', () => {
    const [share, integral] = massOfBox(twoMoons, Float64Array.of(0.33, 0.1), () => 0.02, 40_000);
    expect(share).toBeGreaterThan(0.02);
    expect(Math.abs(integral / share - 1)).toBeLessThan(0.1);
  });

  it('the Gaussian at the edge of its prior is cut there', () => {
    const [share, integral] = massOfBox(gaussian, Float64Array.of(2.97, -0.95, 1), () => 0.1, 40_000);
    expect(Math.abs(integral / share - 1)).toBeLessThan(0.05);
  });
});
