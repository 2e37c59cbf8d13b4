/** Checkpoints of a training, one safetensors file each: what trajectories and planes of a path are computed of. */
import type { OwnFile } from '../../../bundle/own-file.ts';
import type { Graph } from '../../../nn/graph/graph.ts';
import type { FileRole } from '../../file-role.ts';
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

export const pathRole: FileRole<PathInput> = {
  role: 'path',
  label: 'Path',
  accept: [],
  flagHelp: 'a folder of checkpoints of one training, a .safetensors each, ordered by the numbers in their names',
  help: 'Checkpoints of one training as a folder of .safetensors, in the order of the numbers in their names; the last is the model.',
  drop: 'a folder of checkpoints',
  folder: {
    called: 'a folder of checkpoints',
    recognises: (names) =>
      !names.includes('config.json') && names.filter((name) => /\d.*\.safetensors$/.test(name)).length > 1,
    takes: (name) => name.endsWith('.safetensors'),
    read: async (folder) => (await import('./read-path.ts')).readPath(folder),
  },
  async read(name) {
    const { FileError } = await import('../../../bundle/file-error.ts');
    throw new FileError(
      name,
      'it is a single file, and a path is a folder of checkpoints',
      'Give the folder of all of them.',
    );
  },
};

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
