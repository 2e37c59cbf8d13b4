/** A trained velocity network with what belongs to it: task, scaling, provenance. */
import type { MlpSpec } from '../../nn/mlp.ts';
import type { Scaling, TaskShape } from './training/setup.ts';

export interface VelocityModel {
  readonly task: TaskShape;
  readonly net: MlpSpec;
  /** In the order of `mlpLayout`. */
  readonly weights: Float32Array<ArrayBuffer>;
  readonly scaling: Scaling;
}

/** Standardised observation. @throws RangeError for another length. */
export function standardisedObservation({ task, scaling }: VelocityModel, x: ArrayLike<number>): Float32Array {
  const { thetaDimension: d, xDimension: c } = task;
  if (x.length !== c) throw new RangeError(`an observation of ${task.id} has ${c} numbers; ${x.length} were given`);
  return Float32Array.from({ length: c }, (_, i) => (x[i] - scaling.mean[d + i]) / scaling.sd[d + i]);
}
