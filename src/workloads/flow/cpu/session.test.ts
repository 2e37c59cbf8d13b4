import { describe, expect, it } from 'vitest';
import { defaultSizes } from '../../../batch/sizes.ts';
import { initialMlp } from '../../../nn/mlp/init.ts';
import { ACTIVATIONS, type MlpSpec } from '../../../nn/mlp.ts';
import { mlpForward } from '../../../nn/mlp-twin.ts';
import { loadOnnxRuntime } from '../../../nn/onnx-runtime.ts';
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import { presetParams } from '../../validate.ts';
import type { Session } from '../../workload.ts';
import { velocityFeatures } from '../features.ts';
import type { VelocityModel } from '../model.ts';
import { flowParams } from '../params.ts';
import type { ParticlesPeek } from '../peek.ts';
import { flowPresets } from '../presets.ts';
import type { FlowProblem } from '../problem.ts';
import { isAdaptive, SOLVERS } from '../sampling/solvers.ts';
import { flowInputs, observationFile } from '../test-support/network.ts';
import { velocityInputs } from '../training/setup.ts';
import { flowWorkload } from '../workload.ts';
import { flowCpuPath } from './path.ts';
import { VelocityNetwork } from './velocity.ts';

/** Within the box, at its edge (about half of the mass lies outside), and far outside. */
const inside = [1, 1.2, 0.6];
const edge = [3.05, 1.1, 0.9];
const outside = [9, 9, 9];

async function problemOf(rows: readonly (readonly number[])[], changes = {}): Promise<FlowProblem> {
  const params = { ...presetParams(flowParams, flowPresets[0]), samples: 30, steps: 4, solver: 'euler', ...changes };
  const inputs = await flowInputs({}, { images: observationFile(rows) });
  return flowWorkload.configure(params, inputs).prepare(42);
}

async function open(problem: FlowProblem, sizes = defaultSizes): Promise<Session<PosteriorItem>> {
  return (await flowWorkload.cpu!()).open(problem, problem.items.length, sizes);
}

async function finish(session: Session<PosteriorItem>, items: readonly number[]) {
  await session.start(items);
  let progress = await session.advance(0);
  while (progress.phase !== 'done') progress = await session.advance(20);
  const collected = await session.collect();
  const failures = session.failures!();
  session.close();
  return { collected, failures, progress };
}

/** Root mean square of the differences of all values. */
function rms(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found).toHaveLength(expected.length);
  const sum = Array.from(expected).reduce((total, value, i) => total + (found[i] - value) ** 2, 0);
  return Math.sqrt(sum / expected.length);
}

describe('a chunk of observations on the CPU', () => {
  it('computes in f32 with ONNX Runtime, and says so', async () => {
    const { arithmetic, warning } = await flowWorkload.cpu!();
    expect(arithmetic).toEqual({ name: expect.stringMatching(/^ONNX Runtime Web 1\.\d+\.\d+$/), precision: 'f32' });
    expect(warning).toBeUndefined();
  });

  // f32 rounds a velocity to some 1e-7 of its size, which is near 1; a few steps and the spread of the parameters make a few times that.
  // An adaptive solver may accept a step that its twin refuses where the error lies at the tolerance of 1e-5.
  it.each(SOLVERS)('has the samples of the f64 twin, the same ones rejected: %s', async (solver) => {
    const adaptive = isAdaptive(solver);
    const problem = await problemOf([inside, edge], { solver, samples: 10, steps: adaptive ? 200 : 5 });
    const twin = await finish(await flowWorkload.reference(problem, 2), [0, 1]);
    const found = await finish(await open(problem), [0, 1]);
    expect(found.collected).toHaveLength(2);
    found.collected.forEach((item, i) => {
      const other = twin.collected[i];
      expect(item.info).toEqual(other.info);
      expect(item.stats).toEqual(other.stats);
      if (!adaptive) expect(item.gradients).toBe(other.gradients);
      for (const [k, { values }] of item.parameters.entries()) {
        const error = rms(values, other.parameters[k].values);
        expect(error).toBeLessThan(adaptive ? 1e-4 : 1e-5);
        // It is single precision, not the twin again.
        expect(error).toBeGreaterThan(0);
      }
    });
    if (!adaptive) expect(found.progress).toMatchObject({ work: twin.progress.work });
    expect(found.progress.steps).toBe(found.progress.stepsTotal);
  });

  it.each(['midpoint', 'dopri5', 'vp_sde'] as const)(
    'gives equal bits for chunks of 1, 7, 20 and all, and for any number of samples a call: %s',
    async (solver) => {
      const rows = Array.from({ length: 23 }, (_, i) => [0.13 * i, 1 + 0.05 * i, 1.5 - 0.02 * i]);
      const problem = await problemOf(rows, { solver, samples: 6, steps: isAdaptive(solver) ? 60 : 3 });
      const drawn = async (chunk: number, cpuRows: number) => {
        const items: unknown[] = [];
        for (let first = 0; first < 23; first += chunk) {
          const numbers = Array.from({ length: Math.min(chunk, 23 - first) }, (_, i) => first + i);
          const session = await open(problem, { ...defaultSizes, 'flow.cpuRows': cpuRows });
          items.push(...(await finish(session, numbers)).collected);
        }
        return items;
      };
      const whole = await drawn(23, 128);
      expect(whole).toHaveLength(23);
      for (const [chunk, cpuRows] of [
        [1, 128],
        [7, 128],
        [20, 128],
        [20, 16],
        [23, 512],
      ])
        expect(await drawn(chunk, cpuRows)).toEqual(whole);
    },
  );

  it('names an observation whose samples miss the prior, and keeps the others', async () => {
    const { collected, failures } = await finish(
      await open(await problemOf([inside, outside], { samples: 8 })),
      [0, 1],
    );
    expect(collected.map(({ info }) => info.index)).toEqual([0]);
    expect(failures).toMatchObject([
      { index: 1, error: { message: expect.stringContaining('No draw of 1,044 fell inside the prior') } },
    ]);
  });

  it('goes step by step, shows its particles on the way, and is closed in the middle', async () => {
    const session = await open(await problemOf([inside, edge], { samples: 100 }));
    await session.start([0, 1]);
    expect(await session.peek(1, 0)).toBeUndefined();
    let progress = await session.advance(1e9, 1);
    expect(progress).toMatchObject({ phase: 'sample', steps: 1, stepsTotal: 4, work: 200 });
    // Two calls a step for 200 samples: at least one of them is made.
    progress = await session.advance(0, 1);
    expect(progress).toMatchObject({ steps: 1, work: 200 + defaultSizes['flow.cpuRows'] });
    expect(((await session.peek(1, 0)) as ParticlesPeek).large!.positions).toHaveLength(3 * 100);
    const closedMeanwhile = session.advance(1e9);
    session.close();
    session.close();
    await closedMeanwhile;
    await expect(session.advance(1)).rejects.toThrow('closed');
    await expect(session.start([0])).rejects.toThrow('closed');
  });

  it('runs the twin where ONNX Runtime does not load, and says why', async () => {
    const path = await flowCpuPath(() => Promise.reject(new Error('no WebAssembly here')));
    expect(path.arithmetic).toEqual({ name: 'f64 twin', precision: 'f64' });
    expect(path.warning).toContain('no WebAssembly here');
    const problem = await problemOf([inside], { samples: 4 });
    const [found, expected] = [await path.open(problem, 1, defaultSizes), await flowWorkload.reference(problem, 1)];
    expect((await finish(found, [0])).collected).toEqual((await finish(expected, [0])).collected);
  });
});

describe('the velocity network in ONNX', () => {
  it.each(ACTIVATIONS)('agrees with the f64 twin: %s', async (activation) => {
    const task = { id: 'two_moons', thetaDimension: 2, xDimension: 3 };
    const net: MlpSpec = { inputs: velocityInputs(task), outputs: 2, width: 24, depth: 3, activation };
    const weights = initialMlp(net, 5).map((value, i) => value + 0.1 * Math.sin(i));
    const model: VelocityModel = { task, net, weights, scaling: { mean: [0, 0, 0, 0, 0], sd: [1, 1, 1, 1, 1] } };
    const network = await VelocityNetwork.open(await loadOnnxRuntime(), model, 8);
    const x = Float64Array.from({ length: 10 }, (_, i) => Math.fround(Math.sin(3 * i)));
    const contexts = Array.from({ length: 5 }, (_, s) => Float32Array.of(0.3 * s, 0.1, -0.2 * s));
    const first = { x: x.subarray(0, 4), t: 0.7, contexts: contexts.slice(0, 2) };
    const found = (await network.evaluate([first, { x, t: 0.3, contexts }])).subarray(4, 14);
    network.close();
    const expected = contexts.flatMap((context, s) => [
      ...mlpForward(net, weights, velocityFeatures(x.subarray(2 * s, 2 * s + 2), 0.3, context)).output,
    ]);
    expect(
      rms(found, expected) /
        rms(
          expected,
          expected.map(() => 0),
        ),
    ).toBeLessThan(1e-6);
  });
});
