/** Checkpoints of a training, one safetensors file each: what trajectories and planes of a path are computed of. */
import type { FileRole } from '../../file-role.ts';
import type { PathInput } from './path-input.ts';

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
