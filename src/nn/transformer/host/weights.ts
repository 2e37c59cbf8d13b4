/** A decoder's weights in the memory of the CPU, as their storage leaves them. */
import type { OpenOptions, WeightStorage } from '../batch.ts';
import { withinRange } from '../half-range.ts';
import { roundedRows } from '../storage.ts';
import type { DecoderTensor, TensorName, WeightSource } from '../weights.ts';
import { type HostMatrices, PackedMatrices, PlainMatrices } from './matrices.ts';

/** Rows read at once, bytes. */
const PIECE_BYTES = 8 * 2 ** 20;

/** `f64`: sums and activations. `f32`: both are, by WebAssembly where it has place for the weights. */
export type Arithmetic = 'f64' | 'f32';

export interface HostWeights {
  readonly arithmetic: Arithmetic;
  readonly matrices: HostMatrices;
  /** Norms and biases. */
  readonly vectors: ReadonlyMap<TensorName, Float32Array>;
}

/** @throws FileError, the signal's reason when aborted */
export async function readWeights(
  source: WeightSource,
  storage: WeightStorage,
  arithmetic: Arithmetic,
  { signal, progress }: OpenOptions = {},
): Promise<HostWeights> {
  const matrices = matricesFor(
    source.tensors.filter(({ shape }) => shape.length === 2),
    arithmetic,
  );
  const vectors = new Map<TensorName, Float32Array>();
  const total = source.tensors.reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);
  let done = 0;
  for await (const { tensor, from, to, values } of withinRange(source, storage).pieces(PIECE_BYTES, signal)) {
    if (tensor.shape.length === 2)
      matrices.set(tensor.name, from, roundedRows(values, to - from, tensor.shape[1], storage));
    else vectors.set(tensor.name, values);
    done += values.length;
    progress?.(4 * done, 4 * total);
  }
  return { arithmetic, matrices, vectors };
}

function matricesFor(tensors: readonly DecoderTensor[], arithmetic: Arithmetic): HostMatrices {
  if (arithmetic === 'f64') return new PlainMatrices(tensors);
  try {
    return new PackedMatrices(tensors);
  } catch (error) {
    // More than 4 GiB, or a browser without SIMD: slower, but it goes.
    if (error instanceof RangeError || error instanceof WebAssembly.CompileError) return new PlainMatrices(tensors);
    throw error;
  }
}
