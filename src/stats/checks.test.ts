import { expect, it } from 'vitest';
import { checksOf } from './checks.ts';
import { diagnose, type LooserThresholds } from './convergence.ts';
import { normals } from './fixtures/draws.ts';

const LOOSER: LooserThresholds = {
  rhatMax: 1.05,
  essMin: 100,
  divergenceFractionMax: 0.01,
  bfmiMin: 0.3,
  parameters: ['g1', 'g2'],
};
const [CHAINS, DRAWS] = [4, 300];

/** Checks and verdicts of one posterior; `phi` is the correlation of neighbouring draws of g1 and of x. */
function examine(phi: { g1?: number; x?: number }, change: { energy?: number; diverging?: number; broken?: boolean }) {
  const column = (name: string, seed: number, coefficient = 0) => {
    const values = normals(seed, CHAINS * DRAWS);
    for (let i = 0; i < values.length; i++) if (i % DRAWS > 0) values[i] += coefficient * values[i - 1];
    return { name, values };
  };
  const parameters = [column('g1', 1, phi.g1), column('g2', 2), column('x', 3, phi.x)];
  if (change.broken) parameters[1].values[5] = Number.NaN;
  const diverging = new Uint8Array(CHAINS * DRAWS).fill(1, 0, change.diverging ?? 0);
  const stats = [column('energy', 4, change.energy), { name: 'diverging', values: diverging }];
  const diagnosis = diagnose({ chains: CHAINS, draws: DRAWS, parameters, stats }, { looser: LOOSER });
  const named = Object.entries(diagnosis.perParameter).map(([name, summary]) => ({ name, ...summary }));
  return { checks: checksOf({ ...diagnosis, parameters: named }, { looser: LOOSER }), verdicts: diagnosis.verdicts };
}

it.each([
  ['a healthy posterior', {}, {}, true, true],
  ['slow centroids, which the looser ones do not look at', { x: 0.9 }, {}, false, true],
  ['slow shear', { g1: 0.98 }, {}, false, false],
  ['one divergence', {}, { diverging: 1 }, false, true],
  ['many divergences', {}, { diverging: 40 }, false, false],
  ['a slow energy', {}, { energy: 0.99 }, false, false],
  ['a NaN draw', {}, { broken: true }, false, false],
] as const)('%s: the checks say what the verdicts say', (_, phi, change, lockstep, looser) => {
  const { checks, verdicts } = examine(phi, change);
  expect(verdicts).toMatchObject({ lockstep, looser });
  expect(checks.every((check) => check.lockstep.pass)).toBe(lockstep);
  expect(checks.every((check) => check.looser?.pass ?? true)).toBe(looser);
});

it('names the worst parameter, and one that is not a number before all', () => {
  const [rhat, bulk] = examine({ x: 0.9 }, {}).checks;
  expect(rhat.lockstep.where).toBe('x');
  expect(bulk.lockstep.where).toBe('x');
  expect(bulk.looser?.where).not.toBe('x');
  expect(examine({ x: 0.9 }, { broken: true }).checks[0].lockstep).toMatchObject({ where: 'g2', value: Number.NaN });
});
