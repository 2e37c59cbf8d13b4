/** A trained velocity network with what belongs to it: task, scaling, provenance. */
import type { MlpSpec } from '../../nn/mlp.ts';
import { type Scaling, seenByNetwork, type TaskShape } from './training/setup.ts';

export interface VelocityModel {
  readonly task: TaskShape;
  readonly net: MlpSpec;
  /** In the order of `mlpLayout`. */
  readonly weights: Float32Array<ArrayBuffer>;
  readonly scaling: Scaling;
}

/** What the network sees of an observation, standardised. @throws RangeError for another length, or where it has no summary. */
export function standardisedObservation({ task, scaling }: VelocityModel, x: ArrayLike<number>): Float32Array {
  const d = task.thetaDimension;
  return Float32Array.from(seenByNetwork(task, x), (value, i) => (value - scaling.mean[d + i]) / scaling.sd[d + i]);
}

/** Device positions [group][dimension][4], standardised, as samples [group][4][dimension] in the units of the parameters. */
export function naturalSamples({ task, scaling }: VelocityModel, positions: Float32Array): Float32Array<ArrayBuffer> {
  const d = task.thetaDimension;
  const { mean, sd } = scaling;
  const samples = new Float32Array(positions.length);
  for (let group = 0; group < positions.length; group += 4 * d)
    for (let c = 0; c < 4; c++)
      for (let i = 0; i < d; i++) samples[group + c * d + i] = mean[i] + sd[i] * positions[group + 4 * i + c];
  return samples;
}
