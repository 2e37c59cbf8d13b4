/** A decoder's weights in the memory of the CPU, as their storage leaves them. */
import type { OpenOptions, WeightStorage } from '../batch.ts';
import { roundedRows } from '../storage.ts';
import type { TensorName, WeightSource } from '../weights.ts';

/** Rows read at once, bytes. */
const PIECE_BYTES = 8 * 2 ** 20;

export type HostWeights = ReadonlyMap<TensorName, Float32Array<ArrayBuffer>>;

/** @throws FileError, the signal's reason when aborted */
export async function readWeights(
  source: WeightSource,
  storage: WeightStorage,
  signal?: AbortSignal,
  progress?: OpenOptions['progress'],
): Promise<HostWeights> {
  const weights = new Map<TensorName, Float32Array<ArrayBuffer>>();
  let total = 0;
  for (const { name, shape } of source.tensors) {
    const size = shape.reduce((product, n) => product * n, 1);
    total += size;
    weights.set(name, new Float32Array(size));
  }
  let done = 0;
  for await (const { tensor, from, to, values } of source.pieces(PIECE_BYTES, signal)) {
    const inner = tensor.shape[1] ?? 1;
    const matrix = tensor.shape.length === 2;
    weights.get(tensor.name)?.set(matrix ? roundedRows(values, to - from, inner, storage) : values, from * inner);
    done += values.length;
    progress?.(4 * done, 4 * total);
  }
  return weights;
}
