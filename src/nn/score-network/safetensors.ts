/**
 * Score networks as safetensors files: the names and the [out, in] layout of PyTorch, so that the origin's checkpoints are read as they are and
 * ours can be loaded there. What the shapes do not say (heads, whether labels have a row "none") is in the metadata, or taken from `assumed`.
 */
import { FileError } from '../../bundle/file-error.ts';
import {
  decodeSafetensors,
  encodeSafetensors,
  metadataObject,
  type Tensor,
  type Tensors,
} from '../../bundle/safetensors.ts';
import { tensorValues } from '../optimiser/tensor-table.ts';
import { checkScoreSpec, SCORE_VARIANTS, type ScoreNetworkSpec, type ScoreVariant } from './spec.ts';
import { type ScoreTensor, scoreTensors } from './tensors.ts';

export interface ScoreNetwork {
  readonly spec: ScoreNetworkSpec;
  /** The flat vector of `scoreTensors(spec)`. */
  readonly weights: Float32Array<ArrayBuffer>;
}

/** A file read: the network, and its metadata as it is. */
export interface ScoreNetworkFile extends ScoreNetwork {
  readonly metadata: Readonly<Record<string, string>>;
}

/** Entry of the metadata that holds the spec as JSON. */
const CONFIG = 'score_network';
const ADVICE =
  'Give a file that `npm run lockstep -- train --workload cells` or the page saved, or a checkpoint of the origin as safetensors.';
/** Tables of sines that the origin's checkpoints hold beside the weights: no parameters. */
const TABLES = /\.rotary\.inv_freq$/;
/** Heads of the origin's configurations are 32 wide. */
const ORIGIN_HEAD = 32;

/** @param metadata further entries, e.g. bins and genes that it was trained on */
export function encodeScoreNetwork(
  { spec, weights }: ScoreNetwork,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, Tensor>();
  for (const tensor of scoreTensors(spec, 'f32').tensors) {
    const data = tensorValues(tensor, weights);
    const [rows, columns] = tensor.shape;
    tensors.set(
      tensor.name,
      tensor.kind === 'matrix'
        ? { shape: [columns, rows], data: transpose(data, rows, columns) }
        : { shape: tensor.shape, data },
    );
  }
  return encodeSafetensors({ tensors, metadata: { ...metadata, [CONFIG]: JSON.stringify(spec) } });
}

/**
 * Reads a file of ours, or one of the origin, whose sizes follow from its shapes. @param assumed what a file without our metadata leaves open
 * @throws FileError for a tensor that is missing, left over, of another shape or not finite: it is named
 */
export function decodeScoreNetwork(
  file: string,
  bytes: Uint8Array,
  assumed: { readonly heads?: number } = {},
): ScoreNetworkFile {
  const { tensors, metadata } = decodeSafetensors(file, bytes);
  const spec =
    metadata[CONFIG] === undefined ? specOfShapes(file, tensors, assumed.heads) : writtenSpec(file, metadata);
  try {
    checkScoreSpec(spec);
  } catch (error) {
    throw new FileError(file, error instanceof Error ? error.message : String(error), ADVICE);
  }
  return { spec, weights: readWeights(file, spec, tensors), metadata };
}

function writtenSpec(file: string, metadata: Tensors['metadata']): ScoreNetworkSpec {
  const given = metadataObject(file, metadata, CONFIG, ADVICE);
  const number = (field: Exclude<keyof ScoreNetworkSpec, 'variant'>) => {
    const found = given[field];
    if (typeof found === 'number' && Number.isInteger(found) && found >= 0 && found < 1e6) return found;
    throw new FileError(file, `its metadata says ${String(found)} for ${field}, not a whole number`, ADVICE);
  };
  const variant = SCORE_VARIANTS.find((known) => known === given.variant);
  if (!variant)
    throw new FileError(
      file,
      `its variant is ${String(given.variant)}, and ${SCORE_VARIANTS.join(', ')} are known`,
      ADVICE,
    );
  return {
    variant,
    layers: number('layers'),
    width: number('width'),
    heads: number('heads'),
    genes: number('genes'),
    bins: number('bins'),
    perturbations: number('perturbations'),
    cellTypes: number('cellTypes'),
    timeFeatures: number('timeFeatures'),
  };
}

/** The sizes that shapes tell: a checkpoint of PyTorch has no other word of them. */
function specOfShapes(file: string, tensors: Tensors['tensors'], heads: number | undefined): ScoreNetworkSpec {
  const rows = (name: string) => tensors.get(`${name}.weight`)?.shape[0];
  const variant: ScoreVariant = tensors.has('out_ada.weight') ? 'lockstep' : 'origin';
  const tokens = tensors.get('token_embed.weight')?.shape;
  const genes = rows('gene_embed');
  if (tokens?.length !== 2 || genes === undefined)
    throw new FileError(
      file,
      'the tensors token_embed.weight and gene_embed.weight of a score network are missing',
      ADVICE,
    );
  const [vocabulary, width] = tokens;
  let layers = 0;
  while (tensors.has(`blocks.${layers}.attn.qkv.weight`)) layers++;
  const none = variant === 'lockstep' ? 1 : 0;
  return {
    variant,
    layers,
    width,
    heads: heads ?? Math.max(1, Math.round(width / ORIGIN_HEAD)),
    genes,
    bins: vocabulary - 1,
    perturbations: Math.max(0, (rows('pert_embed') ?? none) - none),
    cellTypes: Math.max(0, (rows('cell_type_embed') ?? none) - none),
    timeFeatures: tensors.get('time_embed.1.weight')?.shape[1] ?? 0,
  };
}

function readWeights(file: string, spec: ScoreNetworkSpec, found: Tensors['tensors']): Float32Array<ArrayBuffer> {
  const { tensors, table } = scoreTensors(spec, 'f32');
  const weights = new Float32Array(table.size);
  for (const tensor of tensors) {
    const expected = tensor.kind === 'matrix' ? [...tensor.shape].reverse() : tensor.shape;
    const stored = found.get(tensor.name);
    if (!stored)
      throw new FileError(file, `the tensor ${tensor.name} of shape [${expected.join(', ')}] is missing`, ADVICE);
    if (stored.shape.join() !== expected.join())
      throw new FileError(
        file,
        `the tensor ${tensor.name} has shape [${stored.shape.join(', ')}], and [${expected.join(', ')}] is expected`,
        ADVICE,
      );
    const bad = stored.data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new FileError(file, `number ${bad} of the tensor ${tensor.name} is ${stored.data[bad]}`, 'Train it again.');
    scatter(tensor, stored.data, weights);
  }
  const known = new Set(tensors.map(({ name }) => name));
  const unknown = [...found.keys()].find((name) => !known.has(name) && !TABLES.test(name));
  if (unknown !== undefined)
    throw new FileError(
      file,
      `the tensor ${unknown} belongs to no ${spec.variant} network of ${spec.layers} blocks`,
      ADVICE,
    );
  return weights;
}

function scatter(
  { kind, shape, at, stride }: ScoreTensor,
  data: Float32Array<ArrayBuffer>,
  weights: Float32Array,
): void {
  const columns = shape[shape.length - 1];
  const values = kind === 'matrix' ? transpose(data, columns, shape[0]) : data;
  for (let row = 0; row * columns < values.length; row++)
    weights.set(values.subarray(row * columns, (row + 1) * columns), at + row * stride);
}

/** [rows][columns] to [columns][rows]. */
function transpose(data: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) turned[column * rows + row] = data[row * columns + column];
  return turned;
}
