import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { linkShader } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { runWithNaga } from '../../src/gpu/testing-naga.ts';
import { toHalves } from '../../src/nn/half.ts';
import { type MlpSpec, mlpLayout, mlpTensor } from '../../src/nn/mlp.ts';
import type { NetPrecision } from '../../src/nn/mlp-kernel.ts';
import { FlowInference } from '../../src/workloads/flow/api.ts';
import { standardisedObservation, type VelocityModel } from '../../src/workloads/flow/model.ts';
import { FlowLogDensity } from '../../src/workloads/flow/sampling/log-density.ts';
import {
  type DensitySizes,
  densityShader,
  directionBlocks,
  stateNumbers,
} from '../../src/workloads/flow/sampling/log-density-plan.ts';
import { followBack, logDensityOf, logDensityTwin } from '../../src/workloads/flow/sampling/log-density-twin.ts';
import { velocityInputs } from '../../src/workloads/flow/training/setup.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

function modelOf(thetaDimension: number, xDimension = 2): VelocityModel {
  const task = { id: 'test', thetaDimension, xDimension };
  const net: MlpSpec = {
    inputs: velocityInputs(task),
    outputs: thetaDimension,
    width: 16,
    depth: 3,
    activation: 'silu',
  };
  const all = thetaDimension + xDimension;
  return {
    task,
    net,
    weights: Float32Array.from({ length: mlpLayout(net).size }, (_, i) => 0.25 * Math.sin(1 + 1.7 * i)),
    scaling: {
      mean: Array.from({ length: all }, (_, i) => 0.3 * i - 0.4),
      sd: Array.from({ length: all }, (_, i) => 0.5 + 0.3 * i),
    },
  };
}

const OBSERVATIONS = [
  [0.3, -0.2],
  [1.1, 0.4],
];
const sizes: DensitySizes = {
  solver: 'midpoint',
  steps: 6,
  precision: 'f32',
  tile: { sampleGroups: 2, neuronGroups: 1 },
  points: 4,
  rows: 2,
};
const COUNT = 7;
const pointsOf = (d: number) => Array.from({ length: COUNT * d }, (_, i) => 1.2 * Math.sin(0.5 + 2.3 * i));
const ROWS = Array.from({ length: COUNT }, (_, i) => i % 2);

async function onGpu(model: VelocityModel, changes: Partial<DensitySizes> = {}) {
  const density = await FlowLogDensity.open(gpu, model, { ...sizes, ...changes });
  density.setObservations(Float32Array.from(OBSERVATIONS.flatMap((x) => [...standardisedObservation(model, x)])));
  const found = await density.evaluate(pointsOf(model.task.thetaDimension), ROWS);
  density.close();
  return [...found];
}

/** One dispatch of all steps on wgpu, with the uniforms as storage: that is what its test runner binds. */
async function onWgpu(model: VelocityModel, precision: NetPrecision) {
  const d = model.task.thetaDimension;
  const { mean, sd } = model.scaling;
  const { hidden } = mlpLayout(model.net);
  const { wgsl } = linkShader(densityShader(model, { ...sizes, precision }));
  const states = new Float32Array(COUNT * stateNumbers(d));
  for (let at = 0; at < states.length; at++) {
    const i = at % (d + 1);
    if (i < d) states[at] = (pointsOf(d)[Math.floor(at / stateNumbers(d)) * d + i] - mean[i]) / sd[i];
  }
  const out = await runWithNaga({
    wgsl: wgsl.replace('var<uniform> control', 'var<storage, read> control'),
    storage: {
      0: precision === 'f32' ? model.weights.slice(0, hidden) : toHalves(model.weights.slice(0, hidden)),
      1: model.weights.slice(hidden),
      2: Float32Array.from(OBSERVATIONS.flatMap((x) => [...standardisedObservation(model, x)])),
      3: states,
      12: Uint32Array.of(COUNT, sizes.steps, 0, sizes.steps),
      13: Uint32Array.from(ROWS),
    },
    workgroups: Math.ceil((COUNT * directionBlocks(d)) / sizes.tile.sampleGroups),
  });
  const found = new Float32Array(out[3]);
  return ROWS.map((_, point) => {
    const state = found.subarray(point * stateNumbers(d), (point + 1) * stateNumbers(d));
    const divergence = Array.from({ length: directionBlocks(d) }, (_, block) => state[block * (d + 1) + d]);
    const noise = Float64Array.from(state.subarray(0, d));
    return logDensityOf(model, { noise, divergence: divergence.reduce((sum, part) => sum + part, 0) });
  });
}

function onTwin(model: VelocityModel, changes: Partial<DensitySizes> = {}) {
  const d = model.task.thetaDimension;
  const points = pointsOf(d);
  return ROWS.map((row, i) =>
    logDensityTwin(model, OBSERVATIONS[row], points.slice(i * d, (i + 1) * d), { ...sizes, ...changes }),
  );
}

const largest = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])));

/** v = slope · x + shift in standardised units: pairs of ReLUs give x itself. */
function linearModel(slope: readonly (readonly number[])[], shift: readonly number[]): VelocityModel {
  const base = modelOf(2);
  const net: MlpSpec = { ...base.net, width: 8, depth: 1, activation: 'relu' };
  const layout = mlpLayout(net);
  const weights = new Float32Array(layout.size);
  const first = mlpTensor(layout, 'layers.0.weight');
  const out = mlpTensor(layout, 'output.weight');
  for (let i = 0; i < 2; i++) {
    for (const [neuron, sign] of [
      [2 * i, 1],
      [2 * i + 1, -1],
    ]) {
      weights[first.at + i * first.stride + neuron] = sign;
      for (let n = 0; n < 2; n++) weights[out.at + neuron * out.stride + n] = sign * slope[n][i];
    }
    weights[mlpTensor(layout, 'output.bias').at + i] = shift[i];
  }
  return { ...base, net, weights };
}

describe('log density', () => {
  // One block of directions, two, and four with lanes to spare.
  it.each([2, 4, 10])('agrees with the f64 twin in %i dimensions', async (dimension) => {
    const model = modelOf(dimension);
    // A dozen evaluations; the log density is a sum of squares and traces of a few units each.
    expect(largest(await onGpu(model), onTwin(model))).toBeLessThan(5e-5);
  });

  it('agrees with it by Runge and Kutta’s steps, and with weights in halves within their error', async () => {
    const model = modelOf(2);
    expect(largest(await onGpu(model, { solver: 'rk4' }), onTwin(model, { solver: 'rk4' }))).toBeLessThan(5e-5);
    const error = largest(await onGpu(model, { precision: 'f16-storage' }), onTwin(model));
    expect(error).toBeLessThan(2e-2);
    expect(error).toBeGreaterThan(1e-5);
  });

  it('gives the same bits for any tile and any companions', async () => {
    const model = modelOf(4);
    const together = await onGpu(model);
    expect(await onGpu(model, { tile: { sampleGroups: 4, neuronGroups: 2 }, points: 3 })).toEqual(together);
    expect(gpu.ledger.current).toBe(0);
  });

  it('is the determinant of the flow’s map', () => {
    const model = modelOf(2);
    const context = standardisedObservation(model, OBSERVATIONS[0]);
    const fine = { solver: 'rk4', steps: 100 } as const;
    const noiseAt = (x: number, y: number) => followBack(model, context, Float64Array.of(x, y), fine).noise;
    const e = 1e-4;
    const [x, y] = [0.4, -0.7];
    const [right, left, up, down] = [noiseAt(x + e, y), noiseAt(x - e, y), noiseAt(x, y + e), noiseAt(x, y - e)];
    const derivative = (a: Float64Array, b: Float64Array, i: number) => (a[i] - b[i]) / (2 * e);
    const determinant =
      derivative(right, left, 0) * derivative(up, down, 1) - derivative(right, left, 1) * derivative(up, down, 0);
    const noise = noiseAt(x, y);
    const expected =
      -0.5 * (noise[0] ** 2 + noise[1] ** 2) -
      Math.log(2 * Math.PI) +
      Math.log(Math.abs(determinant)) -
      Math.log(model.scaling.sd[0] * model.scaling.sd[1]);
    const followed = followBack(model, context, Float64Array.of(x, y), fine);
    expect(Math.abs(followed.divergence)).toBeGreaterThan(0.02);
    expect(logDensityOf(model, followed)).toBeCloseTo(expected, 6);
  });

  it('is the known Gaussian where the field is linear', async () => {
    // x(1) = e^a x(0) + shift (e^a - 1)/a in each standardised dimension; the off-diagonal 0.5 shears the second by the first.
    const [a, b] = [-0.8, 0.6];
    const diagonal = linearModel(
      [
        [a, 0],
        [0, b],
      ],
      [0.3, -0.2],
    );
    const points = pointsOf(2);
    const { mean, sd } = diagonal.scaling;
    const expected = ROWS.map((_, i) =>
      [a, b].reduce((sum, rate, k) => {
        const centre = mean[k] + (sd[k] * [0.3, -0.2][k] * (Math.exp(rate) - 1)) / rate;
        const width = sd[k] * Math.exp(rate);
        const z = (points[2 * i + k] - centre) / width;
        return sum - 0.5 * z * z - Math.log(width) - 0.5 * Math.log(2 * Math.PI);
      }, 0),
    );
    const steps = { solver: 'rk4', steps: 40 } as const;
    expect(largest(onTwin(diagonal, steps), expected)).toBeLessThan(1e-6);
    expect(largest(await onGpu(diagonal, steps), expected)).toBeLessThan(5e-5);
    // A rotation keeps volumes: the density is that of the noise it comes from.
    const rotation = linearModel(
      [
        [0, -1],
        [1, 0],
      ],
      [0, 0],
    );
    const turned = ROWS.map((_, i) =>
      [0, 1].reduce((sum, k) => {
        const z = (points[2 * i + k] - mean[k]) / sd[k];
        return sum - 0.5 * z * z - Math.log(sd[k]) - 0.5 * Math.log(2 * Math.PI);
      }, 0),
    );
    expect(largest(await onGpu(rotation, steps), turned)).toBeLessThan(5e-5);
  });

  it('agrees with it on wgpu, and in halves that multiply, within their error', async () => {
    const model = modelOf(4);
    const expected = onTwin(model);
    const errors = [];
    for (const precision of ['f32', 'f16'] as const) errors.push(largest(await onWgpu(model, precision), expected));
    expect(errors[0]).toBeLessThan(5e-5);
    expect(errors[1]).toBeLessThan(5e-2);
    expect(errors[1]).toBeGreaterThan(1e-5);
  });

  it('is there for users, in as many pieces as fit', async () => {
    const model = modelOf(4);
    // Room for two points of 40 bytes.
    const inference = new FlowInference(gpu, model, { sizes: { ...defaultSizes, 'flow.stagingBytes': 100 } });
    const found = [...(await inference.logDensity(OBSERVATIONS[1], pointsOf(4)))];
    const expected = onTwin(model, { solver: 'rk4', steps: 10 });
    expect(found).toHaveLength(COUNT);
    expect(
      largest(
        found,
        found.map((value, i) => (ROWS[i] === 1 ? expected[i] : value)),
      ),
    ).toBeLessThan(5e-5);
    await expect(inference.logDensity(OBSERVATIONS[1], [1, 2, 3])).rejects.toThrow(RangeError);
    expect(gpu.ledger.current).toBe(0);
  });

  it('refuses more dimensions than it is meant for, and points without coordinates', async () => {
    await expect(FlowLogDensity.open(gpu, modelOf(11), sizes)).rejects.toThrow('up to 10 parameters; test has 11');
    const density = await FlowLogDensity.open(gpu, modelOf(2), sizes);
    await expect(density.evaluate([1, 2, 3], [0, 0])).rejects.toThrow('4 coordinates; 3 were given');
    density.close();
    expect(gpu.ledger.current).toBe(0);
  });
});
