/** Checkpoints of a training as they were read, and as points of a path. */
import type { OwnFile } from '../../../bundle/own-file.ts';
import type { Graph } from '../../../nn/graph/graph.ts';
import { ConfigError } from '../../workload.ts';
import type { PathPoint } from '../metrics/metric.ts';

/** Numbers of every tensor by its name, of one checkpoint. */
export interface ReadCheckpoint {
  readonly name: string;
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;
}

export interface PathInput extends OwnFile {
  /** In the order of their numbers. */
  readonly checkpoints: readonly ReadCheckpoint[];
}

/** θ of each in the graph's order. @throws ConfigError that names the checkpoint and tensor that do not belong to the model */
export function pathPoints({ name, checkpoints }: PathInput, { parameters, size }: Graph): PathPoint[] {
  return checkpoints.map(({ name: own, tensors }) => {
    const theta = new Float32Array(size);
    for (const { name: tensor, shape, at } of parameters) {
      const found = tensors.get(tensor);
      if (!found || found.shape.join() !== shape.join())
        throw new ConfigError(
          'path',
          `${own} of ${name} has ${found ? `${tensor} of shape [${found.shape.join(', ')}]` : `no ${tensor}`}, and the model has it of shape [${shape.join(', ')}]. Give checkpoints of this model, or the model that they are of.`,
        );
      theta.set(found.data, at);
    }
    return { name: own, theta };
  });
}
