/** Rescue and chosen step sizes, on the device and on the twin: what fails passes when sampled again, and divergences can be seen. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../gpu/testing.ts';
import type { PosteriorItem } from '../../results/posterior/item.ts';
import { diagnose } from '../../stats/convergence.ts';
import type { ParamValues } from '../params.ts';
import type { Session } from '../workload.ts';
import { readShearParams } from './params.ts';
import { rescueParams } from './rescue.ts';
import { shearWorkload } from './workload.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

/** One small stamp, chains that start 1.5 posterior widths out. */
const small: ParamValues = {
  stampSize: 16,
  halfLightRadiusArcsec: 0.3,
  shearGrid: [0.02],
  realizations: 1,
  warmup: 16,
  draws: 40,
  integrator: 'leapfrog',
  integratorSteps: 8,
};

async function sample(backend: 'gpu' | 'twin', params: ParamValues, rescue = 0): Promise<PosteriorItem> {
  const configured = shearWorkload.configure(params, {}, { attempt: rescue });
  const problem = configured.prepare(42);
  let session: Session<PosteriorItem>;
  if (backend === 'gpu') {
    const shape = configured.shape(gpu.report);
    session = await shearWorkload.open(gpu, problem, configured.plan(1, shape), shape);
  } else {
    session = await shearWorkload.reference(problem, 1);
  }
  await session.start([0]);
  while ((await session.advance(1000)).phase !== 'done');
  const [item] = await session.collect();
  session.close();
  return item;
}

const column = (item: PosteriorItem, name: string) => Array.from(item.stats.find((each) => each.name === name)!.values);

describe.each(['gpu', 'twin'] as const)('a chosen step size, %s', (backend) => {
  it('of 2.5 diverges, and the verdict says so', async () => {
    const item = await sample(backend, { ...small, stepSize: 2.5 });
    const { divergences, verdicts } = diagnose(item);
    expect(divergences).toBeGreaterThan(100);
    expect(verdicts.reasons).toContain(`${divergences} of 160 transitions diverged`);
    expect(new Set(column(item, 'step_size'))).toEqual(new Set([2.5]));
  });

  it('of 0.5 does not diverge, and stays what it is', async () => {
    const item = await sample(backend, { ...small, stepSize: 0.5 });
    expect(diagnose(item).divergences).toBe(0);
    expect(new Set(column(item, 'step_size'))).toEqual(new Set([0.5]));
    expect(Math.min(...column(item, 'acceptance_rate'))).toBeGreaterThan(0.3);
  });

  it('another attempt takes other random numbers for the same posterior', async () => {
    const [first, second] = [await sample(backend, small), await sample(backend, small, 1)];
    expect(second.fit).toEqual(first.fit);
    expect(second.parameters[0].values[0]).not.toBe(first.parameters[0].values[0]);
  });
});

describe('rescueParams', () => {
  it('goes over to leapfrog with more steps and draws, and changes nothing else', () => {
    const harder = readShearParams(rescueParams({ draws: 320 }, 1) ?? {});
    expect(harder).toEqual(readShearParams({ integrator: 'leapfrog', integratorSteps: 4, draws: 1280 }));
    expect(rescueParams({ draws: 320 }, 2)).toEqual({ integrator: 'leapfrog', integratorSteps: 8, draws: 5120 });
  });

  it('keeps to the table’s limits and never asks for less than before', () => {
    expect(rescueParams({ draws: 20_000, integratorSteps: 64 }, 2)).toMatchObject({
      draws: 20_000,
      integratorSteps: 64,
    });
    expect(rescueParams({ draws: 320, integratorSteps: 20 }, 1)).toMatchObject({ integratorSteps: 40 });
  });

  it.each([
    ['switched off', { rescue: false }],
    ['a chosen step size', { stepSize: 2.5 }],
    ['fewer than 400 draws', { draws: 99 }],
  ])('leaves runs as they are: %s', (_, params) => {
    expect(rescueParams(params, 1)).toBeUndefined();
  });
});
