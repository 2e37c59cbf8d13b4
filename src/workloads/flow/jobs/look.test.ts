/** Looks at one observation: its exact posterior, and particles on their way, on a device and on the f64 twin. */
import { afterAll, describe, expect, test } from 'vitest';
import { parseRunConfig } from '../../../engine/config/run-config.ts';
import { closeTestContexts, openTestContext } from '../../../gpu/testing.ts';
import type { RunInputs } from '../../workload.ts';
import { gaussianNetwork, observationFile } from '../test-support/network.ts';
import { flowWorkload } from '../workload.ts';
import { exactPosterior } from './exact.ts';
import { followParticles, LookInterruptedError, thinned } from './paths.ts';

afterAll(closeTestContexts);

const configOf = (params: Record<string, unknown> = {}) =>
  parseRunConfig({ workload: 'flow', seed: 3, params: { task: 'gaussian', solver: 'euler', steps: 4, ...params } }, [
    flowWorkload,
  ]);
const inputs: RunInputs = { files: { network: gaussianNetwork } };
const always = () => true;

describe('the exact posterior of an observation', () => {
  test('has its name, data and independent draws, the same every time', () => {
    const wish = { config: configOf({ observation: [2, 1] }), item: 1, samples: 4000 };
    const reply = exactPosterior(wish, {});
    expect(reply).toMatchObject({ runId: 'gaussian_own-1', names: ['gaussian_own-2', 'gaussian_own-1'] });
    expect(reply.parameters).toEqual(['theta_1', 'theta_2', 'theta_3']);
    expect(reply.draws).toEqual(exactPosterior(wish, {}).draws);
    // θ = x − 1 ± 0.1 inside the box: means within four standard errors.
    const { draws, x } = reply;
    for (let i = 0; i < 3; i++) {
      let mean = 0;
      for (let at = i; at < draws!.length; at += 3) mean += draws![at] / 4000;
      expect(Math.abs(mean - (x[i] - 1))).toBeLessThan((4 * 0.1) / Math.sqrt(4000));
    }
  });

  test('is refused for an observation or a task that is not there', () => {
    expect(() => exactPosterior({ config: configOf(), item: 9, samples: 1 }, {})).toThrow('There is no observation 9');
    const other = { ...configOf(), params: { ...configOf().params, task: 'nothing' } };
    expect(() => exactPosterior({ config: other, item: 0, samples: 1 }, {})).toThrow('"nothing" is not allowed');
  });

  test('where it has no draws, says why', () => {
    // Data that no parameter inside the prior comes near.
    const images = observationFile([[50, 50]]);
    const { draws, reason, x } = exactPosterior(
      { config: configOf({ task: 'two_moons' }), item: 0, samples: 10 },
      { files: { images } },
    );
    expect(x).toEqual([50, 50]);
    expect(draws).toBeUndefined();
    expect(reason).toMatch(/\w+ \w+/);
  });
});

describe('particles on their way', () => {
  test('are the same on a device and on the twin, from noise to the end', async () => {
    const wish = { config: configOf(), item: 0, particles: 8 };
    const gpu = await openTestContext();
    const [device, twin] = [
      await followParticles(wish, inputs, gpu, always),
      await followParticles(wish, inputs, null, always),
    ];
    expect([device.on, twin.on]).toEqual(['gpu', 'cpu']);
    for (const reply of [device, twin])
      expect(reply).toMatchObject({ particles: 8, dimension: 3, evaluations: 4, times: [0, 0.4375, 0.75, 0.9375, 1] });
    expect(device.positions).toHaveLength(5 * 8 * 3);
    device.positions.forEach((value, at) => {
      // f32 over four steps.
      expect(Math.abs(value - twin.positions[at])).toBeLessThan(1e-5);
    });
    const ends = await followParticles({ ...wish, endsOnly: true }, inputs, gpu, always);
    expect(ends.times).toEqual([1]);
    expect(ends.positions).toEqual(device.positions.slice(4 * 8 * 3));
    expect(ends.samplingMs).toBeGreaterThan(0);
    expect(gpu.ledger.current).toBe(0);
  });

  test('stop when the device is wanted, and free what they took', async () => {
    const gpu = await openTestContext();
    const wish = { config: configOf(), item: 0, particles: 8 };
    let asked = 0;
    await expect(followParticles(wish, inputs, gpu, () => ++asked < 3)).rejects.toThrow(LookInterruptedError);
    expect(gpu.ledger.current).toBe(0);
    await expect(followParticles(wish, inputs, null, () => false)).rejects.toThrow(LookInterruptedError);
    await expect(followParticles({ ...wish, item: 5 }, inputs, null, always)).rejects.toThrow(
      'There is no observation 5',
    );
  });

  test('fewer frames keep the first and the last', () => {
    const frames = Array.from({ length: 1000 }, (_, i) => i);
    const kept = thinned(frames, 120);
    expect(kept).toHaveLength(120);
    expect([kept[0], kept[119]]).toEqual([0, 999]);
    expect(thinned([1, 2], 120)).toEqual([1, 2]);
  });
});
