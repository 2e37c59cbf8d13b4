import { describe, expect, it } from 'vitest';
import { type DiagnosableItem, diagnose as diagnoseBy, type LooserThresholds } from './convergence.ts';
import { normals } from './fixtures/draws.ts';

const LOOSER: LooserThresholds = {
  rhatMax: 1.05,
  essMin: 100,
  divergenceFractionMax: 0.01,
  bfmiMin: 0.3,
  parameters: ['g1', 'g2'],
};
const diagnose = (item: DiagnosableItem, looser = LOOSER) => diagnoseBy(item, { looser });

const CHAINS = 4;
const DRAWS = 250;

/** A healthy posterior; `change` replaces columns by name. */
function item(change: Record<string, ArrayLike<number>> = {}): DiagnosableItem {
  const size = CHAINS * DRAWS;
  const column = (name: string, values: ArrayLike<number>) => ({ name, values: change[name] ?? values });
  return {
    chains: CHAINS,
    draws: DRAWS,
    parameters: [column('g1', normals(1, size)), column('g2', normals(2, size)), column('x', normals(3, size))],
    stats: [column('energy', normals(4, size)), column('diverging', new Uint8Array(size))],
  };
}

describe('diagnose', () => {
  it('says nothing of looser thresholds that nobody gave', () => {
    expect(diagnoseBy(item()).verdicts).toEqual({ lockstep: true, reasons: [] });
    expect(diagnoseBy({ ...item(), sampling: 'independent' }).verdicts).not.toHaveProperty('looser');
  });

  it('passes independent draws on both scales', () => {
    const diagnosis = diagnose(item());
    expect(diagnosis.verdicts).toEqual({ looser: true, lockstep: true, reasons: [] });
    expect(Object.keys(diagnosis.perParameter)).toEqual(['g1', 'g2', 'x']);
    expect(diagnosis.bfmi).toHaveLength(CHAINS);
    expect(diagnosis.divergences).toBe(0);
  });

  it('fails NaN draws on both scales and says which parameter', () => {
    const { verdicts } = diagnose(item({ g2: normals(2, CHAINS * DRAWS).with(5, Number.NaN) }));
    expect(verdicts.looser).toBe(false);
    expect(verdicts.lockstep).toBe(false);
    expect(verdicts.reasons.join('\n')).toContain('R̂ of g2 is undefined (NaN)');
  });

  it('gates on ESS even where R̂ looks fine', () => {
    const slow = normals(9, CHAINS * DRAWS);
    for (let i = 0; i < slow.length; i++) if (i % DRAWS > 0) slow[i] = 0.97 * slow[i - 1] + 0.24 * slow[i];
    const { verdicts } = diagnose(item({ x: slow }));
    expect(verdicts.lockstep).toBe(false);
    expect(verdicts.reasons.join('\n')).toMatch(/bulk ESS of x is \d+, below 400/);
    expect(verdicts.looser, 'the looser ones judge g1 and g2 only').toBe(true);
  });

  it('one divergence fails ours, one in a hundred is the most that the looser ones take', () => {
    const one = diagnose(item({ diverging: new Uint8Array(CHAINS * DRAWS).fill(1, 0, 1) }));
    expect(one.verdicts).toMatchObject({ looser: true, lockstep: false });
    expect(one.verdicts.reasons).toEqual(['1 of 1000 transitions diverged']);
    const eleven = item({ diverging: new Uint8Array(CHAINS * DRAWS).fill(1, 0, 11) });
    expect(diagnose(eleven).divergenceFraction).toBe(0.011);
    expect(diagnose(eleven).verdicts.looser).toBe(false);
    const levelZero = { ...LOOSER, divergenceFractionMax: 0 };
    expect(diagnose(item({ diverging: new Uint8Array(1000).fill(1, 7, 8) }), levelZero).verdicts.looser).toBe(false);
  });

  it('fails a chain whose energy drifts or is not a number', () => {
    const drifting = normals(4, CHAINS * DRAWS).map((v, i) => 0.05 * v + (i % DRAWS) / 20);
    expect(diagnose(item({ energy: drifting })).verdicts).toMatchObject({ looser: false, lockstep: false });
    const broken = normals(4, CHAINS * DRAWS).with(2 * DRAWS, Number.NaN);
    const { verdicts, bfmi } = diagnose(item({ energy: broken }));
    expect(bfmi[2]).toBeNaN();
    expect(verdicts.looser).toBe(false);
    expect(verdicts.reasons).toEqual(['E-BFMI of chain 2 is undefined (NaN), below 0.3']);
  });

  it('says once that a single chain has no R̂, and fails it', () => {
    const long = (seed: number) => normals(seed, 1000);
    const { verdicts } = diagnose({
      chains: 1,
      draws: 1000,
      parameters: ['g1', 'g2'].map((name, i) => ({ name, values: long(i + 1) })),
      stats: [
        { name: 'energy', values: long(4) },
        { name: 'diverging', values: new Uint8Array(1000) },
      ],
    });
    expect(verdicts).toEqual({
      looser: false,
      lockstep: false,
      reasons: ['R̂ needs at least 2 chains; there is 1'],
    });
  });

  it('does not vouch for what was not recorded', () => {
    expect(diagnose({ ...item(), stats: [] }).verdicts.reasons).toEqual([
      'no energy was recorded, so E-BFMI is unknown',
      'no divergence flags were recorded',
    ]);
    // A sampler that has neither is not asked for them.
    expect(diagnoseBy({ ...item(), stats: [] }, { records: [] }).verdicts).toEqual({ lockstep: true, reasons: [] });
  });
});
