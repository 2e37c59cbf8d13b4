/** Checkpoints of a training, one safetensors file each: what trajectories and planes of a path are computed of. */
import type { FileRole } from '../../file-role.ts';
import type { PathInput } from './path-input.ts';

/** A number in its own name, which is none of a shard of a model. */
const isCheckpoint = (path: string) => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /\d.*\.safetensors$/.test(name) && !/^model-\d+-of-\d+\.safetensors$/.test(name);
};

export const pathRole: FileRole<PathInput> = {
  role: 'path',
  label: 'Path',
  accept: ['.zip'],
  flagHelp:
    'a folder of checkpoints of one training, a .safetensors each, ordered by the numbers in their names, or a .zip of them',
  help: 'Checkpoints of one training as a folder of .safetensors, several dropped together, or a .zip of them, in the order of the numbers in their names; the last is the model.',
  drop: 'checkpoints of a training',
  folder: {
    called: 'a folder of checkpoints',
    recognises: (names) => !names.includes('config.json') && names.filter(isCheckpoint).length > 1,
    takes: isCheckpoint,
    read: async (folder) => (await import('./read-path.ts')).readPath(folder),
  },
  read: async (name, bytes) => (await import('./read-path.ts')).readPathZip(name, bytes, isCheckpoint),
};
