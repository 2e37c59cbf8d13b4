import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { linkText } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openNullContext, openTestContext, runKernel } from '../../src/gpu/testing.ts';
import { toHalves } from '../../src/nn/half.ts';
import { initialMlp } from '../../src/nn/mlp/init.ts';
import { ACTIVATIONS, type MlpSpec, mlpLayout } from '../../src/nn/mlp.ts';
import {
  mlpShaderSpec,
  NET_PRECISIONS,
  type NetPrecision,
  type TileShape,
  tileSamples,
} from '../../src/nn/mlp-kernel.ts';
import { mlpForward } from '../../src/nn/mlp-twin.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const PROBE = `
import package::nn::mlp::{sample_group, neuron_group};
@if(!quads) import package::nn::mlp::{mlp, output, set_input};
@if(quads) import package::nn::mlp_quads::{lane, mlp, output, set_input};
import constants::{INPUTS, OUTPUTS, SAMPLE_GROUPS, NEURON_GROUPS};
@group(0) @binding(2) var<storage, read_write> given: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> found: array<vec4f>;
@compute @workgroup_size(SAMPLE_GROUPS * NEURON_GROUPS)
fn main(
  @builtin(workgroup_id) tile: vec3u,
  @builtin(local_invocation_index) local: u32,
  @if(quads) @builtin(subgroup_invocation_id) lane_: u32,
) {
  @if(quads) { lane = lane_; }
  let group = sample_group(local);
  let at = tile.x * SAMPLE_GROUPS + group;
  if (neuron_group(local) == 0u) {
    for (var i = 0u; i < INPUTS; i++) { set_input(i, group, given[at * INPUTS + i]); }
  }
  mlp(local);
  if (neuron_group(local) == 0u) {
    for (var i = 0u; i < OUTPUTS; i++) { found[at * OUTPUTS + i] = output(i, group); }
  }
}`;

const SPEC: MlpSpec = { inputs: 7, outputs: 3, width: 32, depth: 4, activation: 'silu' };
/** Half the code where layers are unrolled, which takes half the time to compile. */
const NARROW: MlpSpec = { ...SPEC, width: 16 };

/** Weights as initialised, biases and output layer filled too, so that nothing is hidden by zeros. */
function weightsOf(spec: MlpSpec): Float32Array<ArrayBuffer> {
  const weights = initialMlp(spec, 3);
  for (let i = 0; i < weights.length; i++) if (weights[i] === 0) weights[i] = 0.3 * Math.sin(1 + i * 0.7);
  return weights;
}

const inputsOf = (spec: MlpSpec, samples: number) =>
  Float32Array.from({ length: samples * spec.inputs }, (_, i) => 1.5 * Math.sin(0.3 + i * 1.37));
/** The same numbers for every sample. */
const alike = (spec: MlpSpec, samples: number) =>
  Float32Array.from({ length: samples * spec.inputs }, (_, i) => 1.5 * Math.sin(0.3 + (i % spec.inputs) * 1.37));

function probe(spec: MlpSpec, shape: TileShape, precision: NetPrecision) {
  return linkText('mlp_probe', PROBE, mlpShaderSpec(spec, shape, precision));
}

/** Outputs [sample][padded outputs]. */
async function onGpu(spec: MlpSpec, shape: TileShape, precision: NetPrecision, samples: number, numbers = inputsOf) {
  const { hidden, size, paddedOutputs } = mlpLayout(spec);
  const weights = weightsOf(spec);
  const inputs = numbers(spec, samples);
  const groups = samples / 4;
  const given = new Float32Array(samples * spec.inputs);
  for (let s = 0; s < samples; s++)
    for (let i = 0; i < spec.inputs; i++)
      given[(Math.floor(s / 4) * spec.inputs + i) * 4 + (s % 4)] = inputs[s * spec.inputs + i];
  const matrices = weights.subarray(0, hidden);
  const out = await runKernel(gpu, {
    shader: probe(spec, shape, precision),
    storage: {
      0: precision === 'f32' ? new Float32Array(matrices) : toHalves(matrices),
      1: new Float32Array(weights.subarray(hidden, size)),
      2: given,
      3: new Float32Array(groups * paddedOutputs * 4),
    },
    workgroups: samples / tileSamples(shape),
  });
  return Array.from({ length: samples }, (_, s) =>
    Array.from({ length: spec.outputs }, (_, i) => out[3][(Math.floor(s / 4) * paddedOutputs + i) * 4 + (s % 4)]),
  );
}

function twin(spec: MlpSpec, samples: number): number[][] {
  const weights = weightsOf(spec);
  const inputs = inputsOf(spec, samples);
  return Array.from({ length: samples }, (_, s) => [
    ...mlpForward(spec, weights, inputs.subarray(s * spec.inputs, (s + 1) * spec.inputs)).output,
  ]);
}

function largestError(found: number[][], expected: number[][]): number {
  const rms = Math.sqrt(expected.flat().reduce((sum, v) => sum + v * v, 0) / expected.flat().length);
  return Math.max(...found.flat().map((value, i) => Math.abs(value - expected.flat()[i]))) / rms;
}

describe('mlp.wgsl', () => {
  it.each(ACTIVATIONS)('agrees with the f64 twin: %s', async (activation) => {
    const spec = { ...SPEC, activation };
    const found = await onGpu(spec, { sampleGroups: 2, neuronGroups: 1 }, 'f32', 16);
    // About 130 roundings of 6e-8 on the longest way.
    expect(largestError(found, twin(spec, 16))).toBeLessThan(1e-5);
  });

  it('has room for more inputs than neurons', async () => {
    const spec = { ...NARROW, inputs: 43 };
    const found = await onGpu(spec, { sampleGroups: 1, neuronGroups: 1 }, 'f32', 16);
    expect(largestError(found, twin(spec, 16))).toBeLessThan(1e-5);
    expect(() => probe({ ...spec, outputs: 17 }, { sampleGroups: 1, neuronGroups: 1 }, 'f32')).toThrow('17 outputs');
  });

  it('gives the same bits for every tile shape', async () => {
    const one = await onGpu(SPEC, { sampleGroups: 1, neuronGroups: 1 }, 'f32', 32);
    expect(await onGpu(SPEC, { sampleGroups: 8, neuronGroups: 1 }, 'f32', 32)).toEqual(one);
    expect(await onGpu(SPEC, { sampleGroups: 2, neuronGroups: 4 }, 'f32', 32)).toEqual(one);
    expect(await onGpu(SPEC, { sampleGroups: 4, neuronGroups: 2 }, 'f32', 32)).toEqual(one);
  });

  it('agrees with the f64 twin where four lanes load together, and gives the same bits for every tile there', async () => {
    // Else the lanes would load the wrong weights.
    expect(gpu.report.subgroupSize).toBe(4);
    const quads = true;
    const four = { sampleGroups: 4, neuronGroups: 1, quads };
    const alone = { sampleGroups: 1, neuronGroups: 1, quads };
    const shared = { sampleGroups: 2, neuronGroups: 2, quads };
    for (const [spec, shapes] of [
      [NARROW, [four, alone, shared]],
      // More inputs than neurons.
      [{ ...NARROW, inputs: 43 }, [shared]],
    ] as const) {
      const together = await onGpu(spec, { sampleGroups: 8, neuronGroups: 1, quads }, 'f32', 32);
      expect(largestError(together, twin(spec, 32))).toBeLessThan(1e-5);
      for (const shape of shapes) expect(await onGpu(spec, shape, 'f32', 32)).toEqual(together);
    }
  });

  it('gives a sample the same bits in whichever of the four lanes it is', async () => {
    const outputs = await onGpu(NARROW, { sampleGroups: 4, neuronGroups: 1, quads: true }, 'f32', 16, alike);
    for (const output of outputs) expect(output).toEqual(outputs[0]);
  });

  it('runs with weights and activations in halves within the error of a half', async () => {
    const found = await onGpu(SPEC, { sampleGroups: 2, neuronGroups: 2 }, 'f16-storage', 16);
    const error = largestError(found, twin(SPEC, 16));
    expect(error).toBeLessThan(5e-3);
    expect(error).toBeGreaterThan(1e-5);
  });

  it('compiles in every precision and shape', async () => {
    const nothing = await openNullContext();
    for (const precision of NET_PRECISIONS)
      for (const shape of [
        { sampleGroups: 8, neuronGroups: 1 },
        { sampleGroups: 4, neuronGroups: 4 },
      ])
        await nothing.compile(probe(SPEC, shape, precision));
  });
});
