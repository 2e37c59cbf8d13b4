/** Reads the checkpoints of a folder. */
import { FileError } from '../../../bundle/file-error.ts';
import type { HashedFolder } from '../../../bundle/hash-folder.ts';
import { ownFolder } from '../../../bundle/hash-folder.ts';
import { tensorsIn } from '../../../bundle/safetensors-folder.ts';
import { numbersOf, storedTypeOf } from '../../../nn/transformer/tensor-pieces.ts';
import type { ReadFile } from '../../file-role.ts';
import type { PathInput, ReadCheckpoint } from './path-input.ts';

/** All digits of a name as one number: step-000100.safetensors. */
const numberIn = (name: string) => Number((/(\d+)(?!.*\d)/.exec(name.replace(/\.safetensors$/, '')) ?? [0, '0'])[1]);

/** @throws FileError for a folder of fewer than two checkpoints, or a damaged one */
export async function readPath(folder: HashedFolder): Promise<ReadFile<PathInput>> {
  const files = folder.files
    .filter(({ name }) => name.endsWith('.safetensors'))
    .sort((a, b) => numberIn(a.name) - numberIn(b.name) || a.name.localeCompare(b.name));
  if (files.length < 2)
    throw new FileError(
      folder.name,
      `it has ${files.length} checkpoints`,
      'Give the first and the last of a training at least.',
    );
  const checkpoints: ReadCheckpoint[] = [];
  for (const file of files) {
    const one = { name: folder.name, files: [{ ...file, name: 'model.safetensors' }] };
    const tensors: [string, { shape: readonly number[]; data: Float32Array }][] = [];
    for (const { name, dtype, shape, file: lies, from, bytes } of (await tensorsIn(one)).values()) {
      const type = storedTypeOf(dtype);
      if (!type)
        throw new FileError(`${folder.name}/${file.name}`, `${name} is stored as ${dtype}`, 'Give F32, F16 or BF16.');
      tensors.push([name, { shape, data: numbersOf(await lies.read(from, from + bytes), type) }]);
    }
    checkpoints.push({ name: file.name.replace(/\.safetensors$/, ''), tensors: new Map(tensors) });
  }
  const input: PathInput = { ...ownFolder(folder), checkpoints };
  const [first, last] = [checkpoints[0].name, checkpoints.at(-1)!.name];
  return { input, count: checkpoints.length, what: `${checkpoints.length} checkpoints, ${first} to ${last}` };
}
