/** Weights that were trained as a decoder's own: tensors by their names, matrices (out, in). */
import { tensorValues } from '../../optimiser/tensor-table.ts';
import type { DecoderSpec } from '../spec.ts';
import {
  type DecoderTensor,
  decoderTensors,
  type TensorName,
  type WeightPiece,
  type WeightSource,
} from '../weights.ts';
import { trainedTensors } from './tensors.ts';

/** Every tensor of the decoder from the flat vector, in the order of `decoderTensors`. */
export function namedWeights(
  spec: DecoderSpec,
  flat: Float32Array,
): ReadonlyMap<TensorName, { readonly shape: readonly number[]; readonly values: Float32Array<ArrayBuffer> }> {
  const found = new Map<TensorName, Float32Array<ArrayBuffer>>();
  for (const tensor of trainedTensors(spec).tensors) {
    const values = tensorValues(tensor, flat);
    for (const { name, from, columns } of tensor.parts)
      found.set(
        name,
        tensor.kind === 'matrix' ? turned(values, tensor.shape as [number, number], from, columns) : values,
      );
  }
  return new Map(decoderTensors(spec).map(({ name, shape }) => [name, { shape, values: found.get(name)! }]));
}

/** Columns of a matrix [in][out] as rows. */
function turned(values: Float32Array, [rows, stride]: [number, number], from: number, columns: number) {
  const found = new Float32Array(rows * columns);
  for (let column = 0; column < columns; column++)
    for (let row = 0; row < rows; row++) found[column * rows + row] = values[row * stride + from + column];
  return found;
}

/** What runs a decoder reads. */
export function trainedSource(spec: DecoderSpec, flat: Float32Array): WeightSource {
  const named = namedWeights(spec, flat);
  const tensors = decoderTensors(spec);
  async function* pieces(pieceBytes: number, signal?: AbortSignal): AsyncIterable<WeightPiece> {
    for (const tensor of tensors) {
      signal?.throwIfAborted();
      yield* rowsOf(tensor, named.get(tensor.name)!.values, pieceBytes);
    }
  }
  return { spec, tensors, types: ['F32'], pieces };
}

function* rowsOf(tensor: DecoderTensor, values: Float32Array<ArrayBuffer>, pieceBytes: number): Iterable<WeightPiece> {
  if (tensor.shape.length === 1) {
    yield { tensor, from: 0, to: tensor.shape[0], values };
    return;
  }
  const [rows, columns] = tensor.shape;
  const together = Math.max(1, Math.floor(pieceBytes / Float32Array.BYTES_PER_ELEMENT / columns));
  for (let from = 0; from < rows; from += together) {
    const to = Math.min(rows, from + together);
    yield { tensor, from, to, values: values.slice(from * columns, to * columns) };
  }
}
