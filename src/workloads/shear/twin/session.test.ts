import { describe, expect, it } from 'vitest';
import { rhat } from '../../../stats/rhat.ts';
import { SessionStateError } from '../../workload.ts';
import { leapfrogSampler, level0Spec, minimalNormSampler } from '../test-support/specs.ts';
import { moments, openSession, run } from '../test-support/twin-runs.ts';

const short = (free: 4 | 6 | 8 = 4) =>
  level0Spec(free, { sampler: { ...(free === 4 ? leapfrogSampler : minimalNormSampler), warmup: 16, draws: 12 } });

describe('sampling level0', () => {
  it('gives the posterior: sd(g1) within 5 % of 1.977e-3, mean at the mode, no divergence', async () => {
    const spec = level0Spec(4, { sampler: { ...leapfrogSampler, draws: 500 } });
    const [item] = await run(spec, [0]);
    // Draws of one gradient are nearly independent: the standard error of sd(g1) is 1/√(2 · 2000) = 1.6 %, and 1.7 % was found.
    const g1 = moments(item.parameters[0].values);
    expect(Math.abs(g1.sd / 1.977e-3 - 1)).toBeLessThan(0.05);
    expect(Math.abs(g1.mean - item.fit.mean[0])).toBeLessThan(0.1 * g1.sd);
    expect(moments(item.parameters[2].values).mean).toBeCloseTo(24, 1);
    const stat = (name: string) => item.stats.find((s) => s.name === name)!.values;
    expect(moments(stat('acceptance_rate')).mean).toBeGreaterThan(0.7);
    expect(moments(stat('diverging')).mean).toBe(0);
    // lp is −χ²/2 + log prior: about half the number of pixels below zero.
    expect(moments(stat('lp')).mean).toBeCloseTo(-0.5 * item.fit.chi2, -1);
    expect(item.fit.dataCount).toBe(48 * 48);
    expect(rhat(item.parameters[0].values, 4, 500)).toBeLessThan(1.01);
    expect(item.gradients).toBe(13 + 4 * (1 + 564));
  });

  it.each([6, 8] as const)('mixes with d = %d: chains agree with the fit about every parameter', async (free) => {
    const spec = level0Spec(free, { sampler: { ...minimalNormSampler, draws: 60 } });
    const [item] = await run(spec, [3]);
    item.parameters.forEach(({ values }, i) => {
      const { mean, sd } = moments(values);
      expect(Math.abs(sd / item.fit.sd[i] - 1)).toBeLessThan(0.25);
      expect(Math.abs(mean - item.fit.mean[i])).toBeLessThan(0.35 * item.fit.sd[i]);
    });
  });
});

describe('session', () => {
  it('gives the same bits for the same seed, whatever the chunk and the pace', async () => {
    const alone = await run(short(6), [1]);
    const together = await run(short(6), [0, 1], 0);
    expect(together[1].parameters).toEqual(alone[0].parameters);
    expect(together[1].stats).toEqual(alone[0].stats);
    expect(together[0].parameters).not.toEqual(together[1].parameters);
  });

  it('steps one transition at a time and walks fit → warm-up → sample → done', async () => {
    const session = openSession(short());
    await session.start([0, 1]);
    const first = await session.advance(1e9, 1);
    expect(first).toMatchObject({ phase: 'warmup', steps: 1, stepsTotal: 28, clock: 'wall' });
    expect((await session.advance(1e9, 15)).phase).toBe('sample');
    const last = await session.advance(1e9);
    expect(last.phase).toBe('done');
    expect(last.work).toBe(2 * (13 + 4 * 29));
    expect(last.busyMs).toBeGreaterThan(0);
  });

  it('shows data, model and positions of a chain while it runs, nothing before the fit', async () => {
    const session = openSession(short());
    await session.start([5]);
    expect(await session.peek(5, 0)).toBeUndefined();
    await session.advance(1e9, 20);
    const peek = (await session.peek(5, 2))!;
    expect(peek).toMatchObject({ item: 5, step: 20, own: { chain: 2, warmup: false } });
    expect(peek.own!.positions).toHaveLength(4);
    expect(peek.own!.positions[2][2]).toBeCloseTo(24, 0);
    const { data, model } = peek.large!;
    const rms = Math.sqrt(data.reduce((sum, v, i) => sum + (v - model[i]) ** 2, 0) / data.length);
    expect(rms).toBeCloseTo(0.1, 2);
    expect(await session.peek(4, 0)).toBeUndefined();
  });

  it('refuses to hand out an unfinished chunk, and is quiet after close', async () => {
    const session = openSession(short());
    await session.start([0]);
    await session.advance(1e9, 2);
    await expect(session.collect()).rejects.toThrowError(SessionStateError);
    session.close();
    session.close();
    expect(await session.peek(0, 0)).toBeUndefined();
    await expect(session.start([0])).rejects.toThrowError(/closed/);
  });

  it('finishes an empty chunk at once', async () => {
    expect(await run(short(), [])).toEqual([]);
  });
});
