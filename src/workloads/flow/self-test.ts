/** The sampler's kernel on this device against its f64 twin, with a small network. */

import { defaultSizes } from '../../batch/sizes.ts';
import type { GpuContext } from '../../gpu/context.ts';
import { type MlpSpec, mlpLayout } from '../../nn/mlp.ts';
import { chooseTile, type NetPrecision, netPrecision } from '../../nn/mlp-kernel.ts';
import { largestError, selfTestCheck } from '../self-test.ts';
import type { Precision, SelfTestCheck } from '../workload.ts';
import { standardisedObservation, type VelocityModel } from './model.ts';
import { SAMPLES_A_GROUP } from './sampling/plan.ts';
import { FlowSampler, type SamplerOptions } from './sampling/sampler.ts';
import { sampleTwin } from './sampling/twin.ts';
import { velocityInputs } from './training/setup.ts';

const TASK = { id: 'self-test', thetaDimension: 2, xDimension: 2 };
const NET: MlpSpec = { inputs: velocityInputs(TASK), outputs: 2, width: 16, depth: 2, activation: 'silu' };
const OBSERVATION = [0.3, -0.7];
const STEPS = 4;
const SEED = 20_210_413;

/**
 * Four steps of a network whose values are near 1. f32 rounds to 6e-8 a term, of which a few dozen add up; a half rounds to 5e-4 of a weight
 * or an activation, a few hundredths of which reach a position: 6.6e-5 was measured for f16-storage, 1.0e-4 for f16.
 */
const ALLOWED: Readonly<Record<NetPrecision, { readonly error: number; readonly reason: string }>> = {
  f32: { error: 2e-5, reason: 'Single precision, and what WGSL grants exponentials and divisions.' },
  'f16-storage': {
    error: 5e-4,
    reason: 'Weights and activations of hidden layers are stored in halves, sums are single.',
  },
  f16: { error: 8e-4, reason: 'Hidden layers multiply in halves; positions, times and outputs are single.' },
};

function smallModel(): VelocityModel {
  const weights = Float32Array.from({ length: mlpLayout(NET).size }, (_, i) => 0.3 * Math.sin(1 + 1.7 * i));
  return { task: TASK, net: NET, weights, scaling: { mean: [0, 0, 0, 0], sd: [1, 1, 1, 1] } };
}

/** Throws the typed errors of `GpuContext`; frees all memory however it ends. */
export async function selfTestFlow(gpu: GpuContext, wanted: Precision): Promise<SelfTestCheck[]> {
  const precision = netPrecision(wanted);
  const model = smallModel();
  const groups = [0, 1].map((group) => ({ row: 0, sample: SAMPLES_A_GROUP * group, stream: 7 }));
  const options: SamplerOptions = {
    solver: 'euler',
    steps: STEPS,
    alpha: 0,
    precision,
    tile: chooseTile(gpu.report, NET, precision, groups.length),
    groups: groups.length,
    rows: 1,
    submitsInFlight: defaultSizes['gpu.submitsInFlight'],
    stagingBytes: defaultSizes['flow.stagingBytes'],
    peekGroups: 1,
    peekSlots: 1,
  };
  const sampler = await FlowSampler.open(gpu, model, options);
  try {
    sampler.setObservations(Float32Array.from(standardisedObservation(model, OBSERVATION)));
    const found = await sampler.sample(groups, SEED);
    const expected = Array.from({ length: SAMPLES_A_GROUP * groups.length }, (_, sample) => [
      ...sampleTwin(model, OBSERVATION, 7, sample, { solver: 'euler', steps: STEPS, seed: SEED, alpha: 0 }),
    ]).flat();
    const { error, reason } = ALLOWED[precision];
    return [
      selfTestCheck({
        name: 'Flow samples',
        precision,
        measure: `largest difference of ${expected.length} coordinates from the double-precision twin`,
        measured: largestError(found, expected),
        allowed: error,
        reason,
      }),
    ];
  } finally {
    sampler.close();
  }
}
