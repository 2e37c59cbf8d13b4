/** safetensors of a folder as they lie on disk: headers are read, tensors only in pieces, when they are asked for. */
import { valueCount } from './array-data.ts';
import { FileError } from './file-error.ts';
import { type FileFolder, type FolderFile, fileIn, pathIn, textIn } from './file-folder.ts';
import { parseJson } from './json-text.ts';
import { readSafetensorsHeader, SAFETENSORS_LENGTH_BYTES } from './safetensors.ts';

/** Bytes of a number by its type, of the types that the format names. */
const BYTES: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
};

/** A tensor that lies in a file of a folder. */
export interface LyingTensor {
  readonly name: string;
  /** As the file calls it: "F32", "BF16" … */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly file: FolderFile;
  /** Of its first byte in the file. */
  readonly from: number;
  readonly bytes: number;
}

export const WEIGHTS_FILE = 'model.safetensors';
export const INDEX_FILE = 'model.safetensors.index.json';
const AGAIN = 'Download or copy the folder again.';

/** Every tensor of the folder's weights, in one file or in shards. @throws FileError */
export async function tensorsIn(folder: FileFolder): Promise<ReadonlyMap<string, LyingTensor>> {
  const single = fileIn(folder, WEIGHTS_FILE);
  if (single) return tensorsOf(folder, single);
  const index = await textIn(folder, INDEX_FILE);
  if (index === undefined)
    throw new FileError(
      folder.name,
      `it has neither ${WEIGHTS_FILE} nor ${INDEX_FILE}`,
      'Weights are read from safetensors: convert others (pytorch_model.bin, GGUF) to them first.',
    );
  return tensorsOfShards(folder, placesIn(pathIn(folder, INDEX_FILE), index));
}

/** By the name of a tensor the file in which the index says that it lies. */
function placesIn(path: string, text: string): ReadonlyMap<string, string> {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (cause) {
    throw new FileError(path, 'it is no JSON', AGAIN, { cause });
  }
  const map = (json as { weight_map?: unknown } | null)?.weight_map;
  const entries = Object.entries(typeof map === 'object' && map !== null ? map : {});
  if (entries.length === 0 || entries.some(([, file]) => typeof file !== 'string'))
    throw new FileError(path, 'it has no "weight_map" of tensors to files', AGAIN);
  return new Map(entries as [string, string][]);
}

async function tensorsOfShards(folder: FileFolder, places: ReadonlyMap<string, string>) {
  const all = new Map<string, LyingTensor>();
  for (const name of [...new Set(places.values())].sort()) {
    const file = fileIn(folder, name);
    if (!file) throw new FileError(folder.name, `${INDEX_FILE} names ${name}, which is not there`, AGAIN);
    for (const [tensor, lying] of await tensorsOf(folder, file)) {
      const before = all.get(tensor);
      if (before) throw new FileError(folder.name, `${tensor} is in ${before.file.name} and in ${name}`, AGAIN);
      all.set(tensor, lying);
    }
  }
  for (const [tensor, name] of places)
    if (all.get(tensor)?.file.name !== name)
      throw new FileError(folder.name, `${INDEX_FILE} says that ${tensor} is in ${name}, and it is not`, AGAIN);
  return all;
}

/** @throws FileError for a header that is damaged, or tensors that the file has no bytes for */
async function tensorsOf(folder: FileFolder, file: FolderFile): Promise<Map<string, LyingTensor>> {
  const path = pathIn(folder, file.name);
  const head = await file.read(0, Math.min(file.bytes, SAFETENSORS_LENGTH_BYTES));
  const { header, start } = await readSafetensorsHeader(path, head, file.bytes, (from, to) => file.read(from, to));
  const { __metadata__: _, ...entries } = header;
  const tensors = Object.entries(entries).map(([name, entry]) => lyingTensor(path, name, entry, file, start));
  const sorted = tensors.filter(({ bytes }) => bytes > 0).sort((a, b) => a.from - b.from);
  for (let i = 1; i < sorted.length; i++)
    if (sorted[i].from < sorted[i - 1].from + sorted[i - 1].bytes)
      throw new FileError(path, `${sorted[i - 1].name} and ${sorted[i].name} lie over the same bytes`, AGAIN);
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}

function lyingTensor(path: string, name: string, entry: unknown, file: FolderFile, start: number): LyingTensor {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  const whole = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (typeof dtype !== 'string' || !whole(shape) || !whole(offsets) || offsets.length !== 2)
    throw new FileError(path, `the header's entry of ${name} is damaged`, AGAIN);
  const [from, to] = offsets;
  const count = valueCount(shape);
  const each = BYTES[dtype];
  // Of a type that nobody here knows the bytes cannot be checked; whoever takes the tensor refuses it.
  const expected = each === undefined || count === undefined ? to - from : count * each;
  if (count === undefined || to - from !== expected || start + to > file.bytes)
    throw new FileError(
      path,
      `${name} of shape [${shape.join(', ')}] in ${dtype} needs ${expected} bytes, and the file has ${Math.max(0, Math.min(start + to, file.bytes) - start - from)} for it`,
      'The file was cut short: download or copy it again.',
    );
  return { name, dtype, shape, file, from: start + from, bytes: to - from };
}
