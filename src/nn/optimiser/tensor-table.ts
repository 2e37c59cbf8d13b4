/**
 * The tensors of a network in one flat vector of f32: what the optimiser steps, whatever network they make up. Kernels that run the network
 * need not read that vector: of each tensor there may be working copies, transposed, in half the width.
 */
import { toBfloat } from '../bfloat.ts';
import { toHalf } from '../half.ts';

/** One matrix or vector in the flat vector. */
export interface Tensor {
  /** As in the weights file, e.g. `layers.0.weight`. */
  readonly name: string;
  /** [in, out] of a matrix, [out] of a vector. */
  readonly shape: readonly number[];
  /** First number, a multiple of 4. */
  readonly at: number;
  /** Numbers from one row to the next: columns, filled with zeros to a multiple of 4. */
  readonly stride: number;
}

/** How a working copy stores numbers; halves and bfloats two a word, the first in the lower bits. */
export type Storage = 'f32' | 'f16' | 'bf16';

/** A tensor and its working copies: places of their first numbers, in bytes, multiples of 8. */
export interface WorkingTensor extends Tensor {
  readonly storage: Storage;
  /** Of the copy as it is, [rows][stride]. */
  readonly plain?: number;
  /** Of the transposed copy, [columns][rows, filled with zeros to a multiple of 4]. */
  readonly transposed?: number;
}

export interface TensorTable {
  readonly tensors: readonly WorkingTensor[];
  /** Numbers of the flat vector, padding included; a multiple of 4. */
  readonly size: number;
  /** Bytes of all working copies, and what they come from in words. */
  readonly workingBytes: number;
  readonly workingFormula: string;
}

/** Rows and columns of a block, the part of a tensor that a thread steps. */
const EDGE = 4;
const STORAGES: readonly Storage[] = ['f32', 'f16', 'bf16'];
const ABSENT = 0xffffffff;
/** Bytes in which the kernels count places. */
const PLACE = 8;

export const filled = (count: number) => EDGE * Math.ceil(count / EDGE);
export const storedBytes = (storage: Storage) => (storage === 'f32' ? 4 : 2);

const columnsOf = ({ shape }: Tensor) => shape[shape.length - 1];
const rowsOf = ({ shape }: Tensor) => (shape.length === 2 ? shape[0] : 1);
const blocksOf = (tensor: Tensor) => Math.ceil(rowsOf(tensor) / EDGE) * (tensor.stride / EDGE);

/** Numbers of a tensor, [in][out], without the padding of its rows. */
export function tensorValues(tensor: Tensor, weights: Float32Array): Float32Array<ArrayBuffer> {
  const [rows, columns] = [rowsOf(tensor), columnsOf(tensor)];
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const at = tensor.at + row * tensor.stride;
    values.set(weights.subarray(at, at + columns), row * columns);
  }
  return values;
}

/** Blocks of all tensors: one thread each. */
export function tableBlocks({ tensors }: TensorTable): number {
  return tensors.reduce((sum, tensor) => sum + blocksOf(tensor), 0);
}

/** The table as `shaders/nn/optimiser/tensors.wgsl` reads it. @throws RangeError for a tensor that the kernels cannot step or copy */
export function tableWords({ tensors, size, workingBytes }: TensorTable): Uint32Array<ArrayBuffer> {
  const words: number[] = [];
  let first = 0;
  for (const tensor of tensors) {
    const { name, shape, at, stride, storage, plain, transposed } = tensor;
    const [rows, columns] = [rowsOf(tensor), columnsOf(tensor)];
    if (shape.length < 1 || shape.length > 2) throw new RangeError(`${name} has ${shape.length} dimensions`);
    if (at % EDGE !== 0 || stride !== filled(columns) || at + rows * stride > size)
      throw new RangeError(`${name} does not lie in rows of a multiple of ${EDGE} within ${size} numbers`);
    const place = (bytes: number | undefined, count: number) => {
      if (bytes === undefined) return ABSENT;
      if (bytes % PLACE !== 0 || bytes + count * storedBytes(storage) > workingBytes)
        throw new RangeError(`a copy of ${name} cannot lie at byte ${bytes} of ${workingBytes}`);
      return bytes / PLACE;
    };
    words.push(first, at / EDGE, stride / EDGE, rows, columns);
    words.push(place(plain, rows * stride), place(transposed, columns * filled(rows)), STORAGES.indexOf(storage));
    first += blocksOf(tensor);
  }
  return Uint32Array.from(words);
}

/** All working copies of some weights, as the kernels make them; halves may differ in the last bit, where adapters round otherwise. */
export function workingCopies({ tensors, workingBytes }: TensorTable, weights: ArrayLike<number>): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(workingBytes));
  for (const tensor of tensors) {
    const { at, stride, storage, plain, transposed } = tensor;
    const put = (from: number, index: number, value: number) => {
      const place = from + index * storedBytes(storage);
      if (storage === 'f32') view.setFloat32(place, value, true);
      else view.setUint16(place, storage === 'f16' ? toHalf(value) : toBfloat(value), true);
    };
    const [rows, columns] = [rowsOf(tensor), columnsOf(tensor)];
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < stride; column++) {
        const value = weights[at + row * stride + column];
        if (plain !== undefined) put(plain, row * stride + column, value);
        if (transposed !== undefined && column < columns) put(transposed, column * filled(rows) + row, value);
      }
  }
  return view.buffer as ArrayBuffer;
}
