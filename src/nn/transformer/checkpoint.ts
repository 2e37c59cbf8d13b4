/** A folder as Hugging Face publishes models, as a decoder whose weights are read in pieces. */
import { FileError } from '../../bundle/file-error.ts';
import { type FileFolder, fileIn, pathIn, textIn } from '../../bundle/file-folder.ts';
import { parseJson } from '../../bundle/json-text.ts';
import { INDEX_FILE, type LyingTensor, tensorsIn, WEIGHTS_FILE } from '../../bundle/safetensors-folder.ts';
import { endIds, readConfig } from './config.ts';
import { IGNORED, placeOf, prefixOf, type TensorPlace, UNEMBEDDING } from './names.ts';
import type { DecoderSpec } from './spec.ts';
import { storedPieces, storedTypeOf, turnedPieces } from './tensor-pieces.ts';
import { type DecoderTensor, decoderTensors, type StoredType, type WeightPiece, type WeightSource } from './weights.ts';

export const CONFIG_FILE = 'config.json';
export const GENERATION_FILE = 'generation_config.json';

export interface Checkpoint {
  readonly spec: DecoderSpec;
  readonly config: Readonly<Record<string, unknown>>;
  readonly source: WeightSource;
  /** Ids that end a text. */
  readonly ends: readonly number[];
  /** Bytes of the weights as they are stored. */
  readonly bytes: number;
  readonly parameters: number;
  /** Files that are read, by name: config, weights, and what else says something of the model. */
  readonly files: readonly string[];
}

/** A tensor of the decoder and where it lies. */
interface Found {
  readonly tensor: DecoderTensor;
  readonly place: TensorPlace;
  readonly lying: LyingTensor;
}

/** Reads config and headers, no weights. @throws FileError that names the file or tensor, and what to do */
export async function openCheckpoint(folder: FileFolder): Promise<Checkpoint> {
  refuseOthers(folder);
  const config = await jsonIn(folder, CONFIG_FILE);
  if (!config)
    throw new FileError(
      folder.name,
      `it has no ${CONFIG_FILE}`,
      'Give the whole folder of the model as it was published.',
    );
  const spec = readConfig(pathIn(folder, CONFIG_FILE), config);
  const lying = await tensorsIn(folder);
  const found = match(folder.name, spec, lying);
  const used = new Map(found.map(({ lying }) => [lying.name, lying]));
  const generation = await jsonIn(folder, GENERATION_FILE);
  const files = [CONFIG_FILE, GENERATION_FILE, INDEX_FILE, ...new Set([...used.values()].map(({ file }) => file.name))];
  return {
    spec,
    config,
    ends: endIds(config, generation),
    bytes: [...used.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    parameters: found.reduce((sum, { tensor }) => sum + tensor.shape.reduce((product, n) => product * n, 1), 0),
    files: files.filter((name) => fileIn(folder, name) && (name !== INDEX_FILE || !fileIn(folder, WEIGHTS_FILE))),
    source: {
      spec,
      tensors: found.map(({ tensor }) => tensor),
      types: [...new Set(found.map(({ lying }) => lying.dtype as StoredType))],
      pieces: (pieceBytes, signal) => piecesOf(found, pieceBytes, signal),
    },
  };
}

async function* piecesOf(
  found: readonly Found[],
  pieceBytes: number,
  signal: AbortSignal | undefined,
): AsyncIterable<WeightPiece> {
  for (const { tensor, place, lying } of found)
    for await (const piece of place.turned
      ? turnedPieces(tensor, place, lying, pieceBytes)
      : storedPieces(tensor, place, lying, pieceBytes)) {
      signal?.throwIfAborted();
      yield piece;
    }
}

/** Folders that hold something else than a model's own weights in safetensors. */
function refuseOthers(folder: FileFolder): void {
  const weights = fileIn(folder, WEIGHTS_FILE) ?? fileIn(folder, INDEX_FILE);
  if (fileIn(folder, 'adapter_config.json') && !(weights && fileIn(folder, CONFIG_FILE)))
    throw new FileError(
      folder.name,
      'it is an adapter (LoRA), which changes a model and is none',
      'Merge it into its model (merge_and_unload of peft), and give the folder of that.',
    );
  const other = weights ? undefined : folder.files.find(({ name }) => /\.(gguf|bin|pth?|onnx|h5|msgpack)$/.test(name));
  if (other)
    throw new FileError(
      folder.name,
      `its weights are in ${other.name}, and only safetensors are read`,
      'Give the model as safetensors: most are published so as well, and save_pretrained of transformers writes them.',
    );
}

async function jsonIn(folder: FileFolder, name: string): Promise<Record<string, unknown> | undefined> {
  const text = await textIn(folder, name);
  if (text === undefined) return undefined;
  try {
    const json: unknown = parseJson(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new FileError(pathIn(folder, name), 'it is no JSON object', 'Download or copy it again.');
}

/** Every tensor of the decoder among those of the files, and none left. */
function match(folder: string, spec: DecoderSpec, lying: ReadonlyMap<string, LyingTensor>): Found[] {
  const prefix = prefixOf(spec);
  const names = [...lying.keys()];
  const found = decoderTensors(spec).map((tensor): Found => {
    const place = placeOf(spec, tensor);
    const there = lying.get(place.name) ?? lying.get(prefix + place.name);
    if (!there) throw new FileError(folder, `${missing(tensor, place, prefix)} is missing`, advice(spec, names));
    return { tensor, place, lying: checked(folder, place, there) };
  });
  const used = new Set(found.map((each) => each.lying.name));
  // Files of tied models may keep a copy of the embedding under this name; the config decides, as it does in transformers.
  const over = names.filter((name) => !used.has(name) && !IGNORED.test(name) && !(spec.tied && name === UNEMBEDDING));
  if (over.length > 0) {
    const more = over.length > 1 ? ` and ${over.length - 1} more` : '';
    throw new FileError(
      folder,
      `it has a tensor ${over[0]}${more} that a ${spec.family} of ${spec.layers} layers does not have`,
      'The config.json and the weights belong to different models, or the model has parts that are not computed here.',
    );
  }
  return found;
}

const missing = ({ name }: DecoderTensor, place: TensorPlace, prefix: string) =>
  place.name === UNEMBEDDING ? place.name : `${prefix}${place.name} (${name})`;

function advice({ family, tied }: DecoderSpec, names: readonly string[]): string {
  if (names.some((name) => /\.(q_norm|k_norm)\./.test(name)))
    return 'Its queries and keys are normed (Qwen3, Gemma 3), which is not computed here.';
  if (names.some((name) => /\.(experts|block_sparse_moe)\./.test(name)))
    return 'It is a mixture of experts, which is not computed here.';
  if (names.some((name) => /(qweight|\.scales|weight_scale|\.absmax)/.test(name)))
    return 'Its weights are quantized; give those that it was made of.';
  if (!tied && !names.includes(UNEMBEDDING))
    return 'Set "tie_word_embeddings" to true in its config.json if its logits are made by the embedding.';
  return `The config.json says ${family}: do the weights belong to it, and is every shard there?`;
}

function checked(folder: string, { name, shape }: TensorPlace, lying: LyingTensor): LyingTensor {
  const path = `${folder}/${lying.file.name}`;
  if (lying.shape.length !== shape.length || lying.shape.some((size, i) => size !== shape[i]))
    throw new FileError(
      path,
      `${lying.name} has the shape [${lying.shape.join(', ')}], and by the config.json it is [${shape.join(', ')}]`,
      'The config.json and the weights belong to different models: give both as they were published.',
    );
  if (!storedTypeOf(lying.dtype))
    throw new FileError(
      path,
      `${name} is stored as ${lying.dtype}, and F64, F32, F16 and BF16 are read`,
      'Give the weights that it was quantized from, or convert it.',
    );
  return lying;
}
