/** Draws without chains: what is said of them, and what is not. */
import { describe, expect, it } from 'vitest';
import { checksOf } from './checks.ts';
import { type DiagnosableItem, diagnose as diagnoseBy } from './convergence.ts';
import { normalQuantile } from './normal.ts';
import { summarize, summarizeIndependent } from './summary.ts';

const looser = { rhatMax: 1.05, essMin: 100, divergenceFractionMax: 0.01, bfmiMin: 0.3, parameters: ['g1', 'g2'] };
const diagnose = (each: DiagnosableItem) => diagnoseBy(each, { looser });
const draws = Float64Array.from({ length: 500 }, (_, i) => 3 + 2 * normalQuantile((i + 0.5) / 500));
const item = (values: ArrayLike<number>) => ({
  chains: 1,
  draws: values.length,
  sampling: 'independent' as const,
  parameters: [{ name: 'theta_1', values }],
  stats: [],
});

describe('independent draws', () => {
  it('have the location and spread that chains have, and an error of sd/√n', () => {
    const found = summarizeIndependent(draws);
    const { mcse: _, rhat: __, essBulk: ___, essTail: ____, ...where } = summarize(draws, 1, 500);
    expect(found).toMatchObject(where);
    expect(found.mean).toBeCloseTo(3, 10);
    expect(found.mcse).toBeCloseTo(found.sd / Math.sqrt(500), 14);
    expect(found).toMatchObject({ rhat: Number.NaN, essBulk: 500, essTail: 500 });
  });

  it('pass without chains, energies and divergences', () => {
    expect(diagnose(item(draws))).toMatchObject({
      bfmi: [],
      divergences: 0,
      verdicts: { lockstep: true, looser: true, reasons: [] },
    });
  });

  it('do not pass where there are few, where they are not finite, or all equal', () => {
    expect(diagnose(item(draws.slice(0, 150))).verdicts).toEqual({
      lockstep: false,
      looser: true,
      reasons: ['150 draws, fewer than 400'],
    });
    const broken = draws.map((value, i) => (i === 7 ? Number.NaN : value));
    expect(diagnose(item(broken)).verdicts).toMatchObject({
      lockstep: false,
      looser: false,
      reasons: ['some draws of theta_1 are no finite numbers'],
    });
    expect(diagnose(item(broken)).perParameter.theta_1.essBulk).toBeNaN();
    const frozen = new Float64Array(500).fill(1);
    expect(diagnose(item(frozen)).verdicts.reasons).toEqual(['all draws of theta_1 are equal']);
    expect(diagnose(item(frozen)).perParameter.theta_1.essBulk).toBeNaN();
  });

  it('are judged by their number alone', () => {
    const { perParameter, bfmi, divergences, divergenceFraction } = diagnose(item(draws));
    const parameters = [{ name: 'theta_1', ...perParameter.theta_1 }];
    const checks = checksOf({ sampling: 'independent', parameters, bfmi, divergences, divergenceFraction });
    expect(checks.map(({ id, lockstep }) => [id, lockstep.pass])).toEqual([['essBulk', true]]);
  });
});
