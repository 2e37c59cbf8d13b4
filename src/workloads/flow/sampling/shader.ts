/** The kernel that a model, a solver, a precision and a tile ask for, and how many loop iterations it takes. */
import type { ShaderSpec } from '../../../gpu/shaders.ts';
import { mlpIterations, mlpShaderSpec, type NetPrecision, type TileShape } from '../../../nn/mlp-kernel.ts';
import type { VelocityModel } from '../model.ts';
import { evaluationsPerStep, hasSchedule, isAdaptive, type Solver } from './solvers.ts';

export interface SamplerKernel {
  readonly solver: Solver;
  readonly precision: NetPrecision;
  readonly tile: TileShape;
}

type Networked = Pick<VelocityModel, 'task' | 'net'>;

export function samplerShader({ task, net }: Networked, { tile, precision, solver }: SamplerKernel): ShaderSpec {
  const base = mlpShaderSpec(net, tile, precision);
  return {
    ...base,
    module: isAdaptive(solver) ? 'flow/adaptive' : 'flow/sample',
    conditions: isAdaptive(solver) ? base.conditions : { ...base.conditions, [solver]: true },
    constants: { ...base.constants, D: `${task.thetaDimension}u`, C: `${task.xDimension}u` },
  };
}

/** Names of the buffers by binding. */
export function samplerBindings(solver: Solver): Readonly<Record<number, string>> {
  const shared = { 0: 'hidden', 1: 'small', 2: 'observations', 3: 'positions', 12: 'control', 13: 'groups' };
  if (hasSchedule(solver)) return { ...shared, 4: 'schedule' };
  return isAdaptive(solver) ? { ...shared, 4: 'walks', 14: 'open' } : shared;
}

/** Loops over dimensions that a step of any solver has beside the network, an evaluation; slopes of seven stages are summed in the adaptive one. */
const LOOPS = { fixed: 8, adaptive: 12 };

/** Loop iterations of one step in a thread, for drivers that bound them. */
export function samplerIterations({ task, net }: Networked, { tile, solver }: SamplerKernel): number {
  const loops = isAdaptive(solver) ? LOOPS.adaptive : LOOPS.fixed;
  const around = loops * task.thetaDimension + task.xDimension + tile.sampleGroups + 8;
  return evaluationsPerStep(solver) * (mlpIterations(net, tile) + around);
}
