/** A velocity network as a safetensors file: every matrix and bias by name, and in the metadata where it comes from. */
import { FileError } from '../../../bundle/file-error.ts';
import {
  decodeSafetensors,
  encodeSafetensors,
  metadataObject,
  type Tensor as StoredTensor,
  type Tensors,
} from '../../../bundle/safetensors.ts';
import { sha256Of } from '../../../bundle/sha256.ts';
import { storedSpec, storedTensors, storedWhole } from '../../../nn/mlp/stored.ts';
import { type MlpSpec, mlpLayout } from '../../../nn/mlp.ts';
import { type Tensor, tensorValues } from '../../../nn/optimiser/tensor-table.ts';
import type { LoadedFile } from '../../workload.ts';
import type { VelocityModel } from '../model.ts';
import { isSummaryId, SUMMARIES, type SummaryId } from '../tasks/summary.ts';
import { type Scaling, velocityInputs } from '../training/setup.ts';

/** Where a network comes from. What is not known is left out. */
export interface Provenance {
  readonly simulations?: number;
  readonly steps?: number;
  /** Samples of a training step. */
  readonly batch?: number;
  /** Largest learning rate. */
  readonly learningRate?: number;
  /** p of the times 1 − uᵖ. */
  readonly timePower?: number;
  /** How far the simulations went beyond a box prior (`training/recipe.ts`); missing in older files, which have none. */
  readonly shoulder?: number;
  readonly seed?: number;
  /** Arithmetic of the training. */
  readonly precision?: string;
  readonly seconds?: number;
  /** Adapter that it was trained on. */
  readonly adapter?: string;
  /** Mean C2ST against exact posteriors, and the number of observations it is the mean of. */
  readonly c2st?: number;
  readonly c2stObservations?: number;
  /** How those samples were drawn, and what the same measure says of a second exact draw. */
  readonly evaluation?: EvaluationRecord;
}

/** What stands behind a C2ST. */
export interface EvaluationRecord {
  readonly solver: string;
  /** Evaluations of the network a sample. */
  readonly evaluations: number;
  readonly precision: string;
  /** Samples on either side. */
  readonly samples: number;
  /** By id of the observation. */
  readonly c2st: Readonly<Record<string, number>>;
  /** Where it was measured. */
  readonly selfControl?: Readonly<Record<string, number>>;
  /** Share of the network's samples outside the prior; missing in older files. */
  readonly rejected?: Readonly<Record<string, number>>;
}

export interface NetworkFile {
  readonly model: VelocityModel;
  readonly provenance: Provenance;
}

/** With its name and the hash of its bytes. */
export interface NetworkInput extends NetworkFile, LoadedFile {}

const FORMAT = 'lockstep-velocity-1';
const TRAIN = 'Give a file that `npm run train` or the page saved.';

export function encodeNetwork({ model, provenance }: NetworkFile): Uint8Array<ArrayBuffer> {
  const { task, net, weights, scaling } = model;
  const tensors = new Map<string, StoredTensor>();
  for (const tensor of mlpLayout(net).tensors)
    tensors.set(tensor.name, { shape: tensor.shape, data: tensorValues(tensor, weights) });
  const metadata = {
    format: FORMAT,
    task: task.id,
    // Matrices are [in, out]: y = x W + b.
    net: JSON.stringify(net),
    theta_dimension: String(task.thetaDimension),
    x_dimension: String(task.xDimension),
    ...(task.summary === undefined ? {} : { summary: task.summary }),
    scaling: JSON.stringify(scaling),
    provenance: JSON.stringify(provenance),
  };
  return encodeSafetensors({ tensors, metadata });
}

/** @throws FileError that names the entry, or the tensor with the shape it should have and has. */
export function decodeNetwork(file: string, bytes: Uint8Array): NetworkFile {
  const content = decodeSafetensors(file, bytes);
  const { metadata } = content;
  if (metadata.format !== FORMAT)
    throw new FileError(file, `its format is ${metadata.format ?? 'not given'}, and ${FORMAT} is expected`, TRAIN);
  const parsed = (key: string) => metadataObject(file, metadata, key, TRAIN);
  const dimension = (key: 'theta_dimension' | 'x_dimension') => storedWhole(file, key, Number(metadata[key]), TRAIN);
  const task = {
    id: metadata.task ?? '',
    thetaDimension: dimension('theta_dimension'),
    xDimension: dimension('x_dimension'),
    ...readSummary(file, metadata),
  };
  const net = readNet(file, parsed('net'));
  if (net.inputs !== velocityInputs(task) || net.outputs !== task.thetaDimension)
    throw new FileError(
      file,
      `a network of ${net.inputs} inputs and ${net.outputs} outputs is none for ${task.thetaDimension} parameters and ${task.xDimension} data, which take ${velocityInputs(task)} and ${task.thetaDimension}`,
      TRAIN,
    );
  const scaling = readScaling(file, parsed('scaling'), task.thetaDimension + task.xDimension);
  const model = { task, net, weights: readWeights(file, net, content), scaling };
  return { model, provenance: parsed('provenance') as Provenance };
}

/** @throws FileError as `decodeNetwork` does */
export function readNetwork(name: string, bytes: Uint8Array): NetworkInput {
  return { ...decodeNetwork(name, bytes), name, sha256: sha256Of(bytes) };
}

function readSummary(file: string, { summary: id, x_dimension: size }: Tensors['metadata']): { summary?: SummaryId } {
  if (id === undefined) return {};
  if (!isSummaryId(id))
    throw new FileError(
      file,
      `its network sees the summary "${id}" of an observation, and only ${Object.keys(SUMMARIES).join(', ')} is known`,
      TRAIN,
    );
  if (Number(size) !== SUMMARIES[id].size)
    throw new FileError(file, `x_dimension is ${size}, and ${id} has ${SUMMARIES[id].size} numbers`, TRAIN);
  return { summary: id };
}

function readWeights(file: string, net: MlpSpec, content: Tensors): Float32Array<ArrayBuffer> {
  const layout = mlpLayout(net);
  const weights = new Float32Array(layout.size);
  const data = storedTensors(file, net, layout.tensors, content, TRAIN);
  for (const [i, tensor] of layout.tensors.entries()) scatter(tensor, data[i], weights);
  return weights;
}

function scatter({ shape, at, stride }: Tensor, data: Float32Array, weights: Float32Array): void {
  const columns = shape[shape.length - 1];
  for (let row = 0; row * columns < data.length; row++)
    weights.set(data.subarray(row * columns, (row + 1) * columns), at + row * stride);
}

function readNet(file: string, value: unknown): MlpSpec {
  const net = storedSpec(file, value, TRAIN);
  if (net.width % 8 !== 0) throw new FileError(file, `its width of ${net.width} is no multiple of 8`, TRAIN);
  return net;
}

function readScaling(file: string, value: unknown, length: number): Scaling {
  const { mean, sd } = value as Partial<Scaling>;
  const numbers = (list: unknown): list is number[] =>
    Array.isArray(list) && list.length === length && list.every(Number.isFinite);
  if (numbers(mean) && numbers(sd) && sd.every((each) => each > 0)) return { mean, sd };
  throw new FileError(file, `its scaling is not ${length} means and as many standard deviations above 0`, TRAIN);
}
