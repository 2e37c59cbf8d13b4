/** The WGSL of a training step, by the order in which it runs. */
import type { ShaderSpec } from '../../../gpu/shaders.ts';
import { mlpLayout } from '../../../nn/mlp.ts';
import { mlpShaderSpec } from '../../../nn/mlp-kernel.ts';
import type { TrainingSetup } from './setup.ts';

export type TrainingKernel = 'tile' | 'gradient' | 'norm' | 'update' | 'halves' | 'next';

export function trainingShaders(setup: TrainingSetup): Record<TrainingKernel, ShaderSpec> {
  const { net, tile, precision, task, batch, simulations, timePower, sizes } = setup;
  const base = mlpShaderSpec(net, tile, precision);
  const spec = (module: string, extra: Record<string, boolean> = {}): ShaderSpec => ({
    ...base,
    module,
    conditions: { ...base.conditions, [task.id]: true, scaled: precision !== 'f32', ...extra },
    constants: {
      ...base.constants,
      D: `${task.thetaDimension}u`,
      C: `${task.xDimension}u`,
      BATCH_GROUPS: `${batch / 4}u`,
      SIMULATIONS: `${simulations}u`,
      TIME_POWER: `${timePower}u`,
      PARAMETERS4: `${mlpLayout(net).size / 4}u`,
      PARTS: `${sizes.normParts}u`,
      HISTORY: `${sizes.lossHistory}u`,
      LOSS_TERMS: `${batch * task.thetaDimension}u`,
      GRADIENT_EDGE: `${sizes.gradientEdge}u`,
      GRADIENT_THREADS: `${sizes.gradientThreads}u`,
      UPDATE_THREADS: `${sizes.updateThreads}u`,
    },
  });
  return {
    tile: spec('flow/train', { keep_trace: true }),
    gradient: { ...spec('nn/weight_gradient'), unroll: { r: sizes.gradientEdge, q: sizes.gradientEdge / 4 } },
    norm: spec('nn/gradient_norm'),
    update: spec('nn/adamw'),
    halves: spec('nn/halve'),
    next: spec('nn/next_step'),
  };
}
