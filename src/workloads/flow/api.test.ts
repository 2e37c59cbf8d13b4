import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../gpu/testing.ts';
import { FlowInference } from './api.ts';
import { gaussian } from './tasks/gaussian.ts';
import { gaussianNetwork } from './test-support/network.ts';
import { decodeNetwork } from './weights/network-file.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const { model } = decodeNetwork(gaussianNetwork.name, gaussianNetwork.bytes);
const options = { solver: 'euler', steps: 5 } as const;
/** Twenty-three observations across the prior. */
const xs = Array.from({ length: 23 }, (_, i) => [0.1 * i - 0.2, 1 + 0.05 * i, 1.5 - 0.02 * i]);

describe('inference', () => {
  it.each([
    ['all samples kept', {}],
    ['those outside the prior drawn anew', { prior: gaussian.prior }],
  ])('gives the same bits for chunks of 1, 7, 20 and all: %s', async (_, more) => {
    const inference = new FlowInference(gpu, model, { ...options, ...more });
    const whole = await inference.sampleBatched(11, xs, 10);
    expect(whole.shape).toEqual([10, 23, 3, 1]);
    expect(new Set(whole.data).size).toBeGreaterThan(600);
    for (const chunk of [1, 7, 20, 23]) expect(await inference.sampleBatched(11, xs, 10, chunk)).toEqual(whole);
    expect(await inference.sampleBatched(12, xs, 10)).not.toEqual(whole);
    inference.close();
    expect(gpu.ledger.current).toBe(0);
  });

  it('draws for a single observation what it draws for the first of a batch', async () => {
    const inference = new FlowInference(gpu, model, options);
    const { data, shape } = await inference.sample(11, xs[0], 9);
    expect(shape).toEqual([9, 3, 1]);
    const batch = await inference.sampleBatched(11, xs, 9);
    for (let s = 0; s < 9; s++)
      expect(data.slice(3 * s, 3 * s + 3)).toEqual(batch.data.slice(3 * 23 * s, 3 * 23 * s + 3));
    inference.close();
  });

  it('compiles and takes memory once for a sampler, however often it is called', async () => {
    const own = await openTestContext();
    const inference = new FlowInference(own, model, options);
    const before = own.compiled;
    const sampler = await inference.getSampler(xs[3]);
    expect(own.compiled).toBe(before + 1);
    const first = await sampler(1, 40);
    const taken = own.ledger.current;
    const again = await sampler(1, 40);
    const fewer = await sampler(1, 8);
    await inference.sample(2, xs[4], 40);
    expect(own.compiled).toBe(before + 1);
    expect(own.ledger.current).toBe(taken);
    expect(own.ledger.peak).toBe(taken);
    expect(again).toEqual(first);
    expect(fewer.data).toEqual(first.data.slice(0, 24));
    inference.close();
    expect(own.ledger.current).toBe(0);
  });

  it('answers calls one after the other, also those that were made at once', async () => {
    const inference = new FlowInference(gpu, model, options);
    const calls = [3, 4, 3].map((key) => inference.sample(key, xs[1], 12));
    const [a, b, c] = await Promise.all(calls);
    expect(c).toEqual(a);
    expect(b).not.toEqual(a);
    inference.close();
  });

  it('refuses what is no observation and no count, and goes on', async () => {
    const inference = new FlowInference(gpu, model, options);
    await expect(inference.sample(1, [1, 2], 4)).rejects.toThrow(
      'an observation of gaussian has 3 numbers; 2 were given',
    );
    await expect(inference.sampleBatched(1, xs, 0)).rejects.toThrow('nsamples is 0');
    await expect(inference.sampleBatched(1, xs, 4, 1.5)).rejects.toThrow('chunkSize is 1.5');
    expect((await inference.sample(1, xs[0], 4)).shape).toEqual([4, 3, 1]);
    inference.close();
  });
});
