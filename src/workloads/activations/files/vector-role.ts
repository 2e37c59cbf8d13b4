/** Vectors of the user's to steer by: of a trait, from this program, the origin, repeng or llama.cpp. */
import type { OwnFile } from '../../../bundle/own-file.ts';
import type { FileRole } from '../../file-role.ts';
import type { ReadVectors } from '../vectors/files/read-vector.ts';

export interface VectorsInput extends OwnFile, ReadVectors {}

export const vectorRole: FileRole<VectorsInput> = {
  role: 'vector',
  label: 'Vector',
  accept: ['.safetensors', '.npy', '.gguf'],
  flagHelp: 'a trait vector to steer by: .safetensors, .npy, or a control vector as .gguf',
  help: 'A trait vector to steer by: safetensors, NumPy, or a control vector (GGUF) of llama.cpp and repeng.',
  drop: 'a vector (.safetensors, .npy, .gguf)',
  async read(name, bytes) {
    const [{ readVectors }, { sha256Of }] = await Promise.all([
      import('../vectors/files/read-vector.ts'),
      import('../../../bundle/sha256.ts'),
    ]);
    const read = readVectors(name, bytes);
    const { vectors, width, told } = read;
    const count = vectors.length;
    const blocks = vectors.flatMap(({ layer }) => layer ?? []);
    const where = blocks.length === 0 ? 'of no layer that it names' : `behind block ${blocks.join(', ')}`;
    const what = `${count} ${count === 1 ? 'vector' : 'vectors'} of ${width} numbers; ${where}${told ? `; ${told}` : ''}`;
    return { input: { name, sha256: sha256Of(bytes), ...read }, count, what };
  },
};
