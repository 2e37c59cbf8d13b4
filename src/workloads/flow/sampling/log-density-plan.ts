/** Buffers and kernel of the log density. */
import type { BufferPlan, PlannedBuffer } from '../../../gpu/plan.ts';
import type { ShaderSpec } from '../../../gpu/shaders.ts';
import { mlpIterations, mlpShaderSpec, type NetPrecision, type TileShape } from '../../../nn/mlp-kernel.ts';
import type { VelocityModel } from '../model.ts';
import { type DensitySteps, densityEvaluations } from './log-density-twin.ts';
import { networkBuffers } from './network-buffers.ts';

export interface DensitySizes extends DensitySteps {
  readonly precision: NetPrecision;
  /** Of four lanes a "sample": here a point and three directions. */
  readonly tile: TileShape;
  /** Points in flight together. */
  readonly points: number;
  /** Most observations of a call. */
  readonly rows: number;
}

/** The exact trace takes a derivative for every dimension: beyond this it costs more than it tells. */
export const MAX_DENSITY_DIMENSION = 10;
const DIRECTIONS = 3;
const WORD = 4;
export const DENSITY_CONTROL_BYTES = 16;

/** Groups of three directions of a point. */
export const directionBlocks = (dimension: number) => Math.ceil(dimension / DIRECTIONS);

/** Numbers of a point on the device: of every block the position and the integral of the divergence. */
export const stateNumbers = (dimension: number) => directionBlocks(dimension) * (dimension + 1);

/** Bytes of a point on the device. */
export const stateBytes = (dimension: number) => stateNumbers(dimension) * WORD;

export function densityShader(
  { task, net }: Pick<VelocityModel, 'task' | 'net'>,
  { precision, tile, solver }: Pick<DensitySizes, 'precision' | 'tile' | 'solver'>,
): ShaderSpec {
  // Derivatives ride in the lanes of a vector beside their sample: nn/mlp.wgsl alone knows that.
  const base = mlpShaderSpec(net, { ...tile, quads: false }, precision);
  return {
    ...base,
    module: 'flow/log_density',
    conditions: { ...base.conditions, dual: true, [solver]: true },
    constants: { ...base.constants, D: `${task.thetaDimension}u`, C: `${task.xDimension}u` },
  };
}

const LOOPS = 6;

/** Loop iterations of one step in a thread, for drivers that bound them. */
export function densityIterations(
  { task, net }: Pick<VelocityModel, 'task' | 'net'>,
  { tile, solver }: Pick<DensitySizes, 'tile' | 'solver'>,
): number {
  const evaluations = densityEvaluations({ solver, steps: 1 });
  return evaluations * (mlpIterations(net, tile) + LOOPS * task.thetaDimension + task.xDimension + LOOPS);
}

export function planDensity({ task, net }: VelocityModel, { precision, points, rows }: DensitySizes): BufferPlan {
  const { thetaDimension: d, xDimension: c } = task;
  const buffer = (
    name: string,
    bytes: number,
    role: PlannedBuffer['role'],
    bytesPerItem: number,
    formula: string,
  ): PlannedBuffer => ({ name, bytes, role, bytesPerItem, formula });
  const states = `${points} points × ${directionBlocks(d)} blocks × ${d + 1} × 4 B`;
  return {
    chunk: points,
    buffers: [
      ...networkBuffers(net, precision),
      buffer('observations', rows * c * WORD, 'storage', 0, `${rows} observations × ${c} × 4 B`),
      buffer('states', points * stateBytes(d), 'storage', stateBytes(d), states),
      buffer('rows', points * WORD, 'storage', WORD, `${points} points × 4 B`),
      buffer('control', DENSITY_CONTROL_BYTES, 'uniform', 0, '4 words × 4 B'),
      buffer('staging', points * stateBytes(d), 'readback', stateBytes(d), states),
    ],
  };
}
