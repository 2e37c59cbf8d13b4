/** Reads the checkpoints of a folder, or of an archive. */
import { FileError } from '../../../bundle/file-error.ts';
import { bytesFolder, type FileFolder } from '../../../bundle/file-folder.ts';
import type { HashedFolder } from '../../../bundle/hash-folder.ts';
import { ownFolder } from '../../../bundle/hash-folder.ts';
import type { OwnFile } from '../../../bundle/own-file.ts';
import { ZipReader } from '../../../bundle/read-zip.ts';
import { tensorsIn } from '../../../bundle/safetensors-folder.ts';
import { sha256Of } from '../../../bundle/sha256.ts';
import { numbersOf, storedTypeOf } from '../../../nn/transformer/tensor-pieces.ts';
import type { ReadFile } from '../../file-role.ts';
import type { PathInput, ReadCheckpoint } from './path-input.ts';

/** The last number of a name: 100 of step-000100.safetensors. */
const numberIn = (name: string) => Number((/(\d+)(?!.*\d)/.exec(name.replace(/\.safetensors$/, '')) ?? [0, '0'])[1]);

/** An entry of an archive, unpacked. */
const MOST_BYTES = 2 ** 32;

/** @throws FileError for a folder of fewer than two checkpoints, or a damaged one */
export async function readPath(folder: HashedFolder): Promise<ReadFile<PathInput>> {
  return pathOf(ownFolder(folder), await checkpointsIn(folder));
}

/** @param isCheckpoint by its path in the archive. @throws FileError as `readPath`, and for what is no archive */
export async function readPathZip(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  isCheckpoint: (path: string) => boolean,
): Promise<ReadFile<PathInput>> {
  const zip = await ZipReader.open(name, new Blob([bytes]));
  const files: [string, Uint8Array<ArrayBuffer>][] = [];
  for (const path of zip.entries.keys())
    if (isCheckpoint(path)) files.push([path.slice(path.lastIndexOf('/') + 1), await zip.bytes(path, MOST_BYTES)]);
  const checkpoints = await checkpointsIn(bytesFolder(name, Object.fromEntries(files)));
  return pathOf({ name, sha256: sha256Of(bytes) }, checkpoints);
}

async function checkpointsIn(folder: FileFolder): Promise<readonly ReadCheckpoint[]> {
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
  return checkpoints;
}

function pathOf(own: OwnFile, checkpoints: readonly ReadCheckpoint[]): ReadFile<PathInput> {
  const input: PathInput = { ...own, checkpoints };
  const [first, last] = [checkpoints[0].name, checkpoints.at(-1)!.name];
  return { input, count: checkpoints.length, what: `${checkpoints.length} checkpoints, ${first} to ${last}` };
}
