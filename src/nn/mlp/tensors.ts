/** The perceptron's tensors for the optimiser, and where its kernels find them: hidden matrices and their transposes, then the rest. */
import { type MlpSpec, mlpLayout } from '../mlp.ts';
import type { NetPrecision } from '../mlp-kernel.ts';
import { storedBytes, type TensorTable } from '../optimiser/tensor-table.ts';

/** Bytes of the working copies from `offset` on. */
interface Range {
  readonly offset: number;
  readonly bytes: number;
}

export interface MlpTensors {
  readonly table: TensorTable;
  /** Bindings 0 and 1 of `shaders/nn/mlp.wgsl`. */
  readonly hidden: Range;
  readonly small: Range;
}

/** Of a binding of vectors: a network of one hidden layer has no hidden matrix. */
const LEAST_BYTES = 16;
/** WebGPU lets bindings begin at multiples of this. */
const ALIGNMENT = 256;

export function mlpTensors(spec: MlpSpec, precision: NetPrecision): MlpTensors {
  const layout = mlpLayout(spec);
  const half = precision === 'f32' ? 'f32' : 'f16';
  const width = storedBytes(half);
  const hidden = { offset: 0, bytes: Math.max(LEAST_BYTES, 2 * layout.hidden * width) };
  const offset = ALIGNMENT * Math.ceil(hidden.bytes / ALIGNMENT);
  const rest = layout.size - layout.hidden;
  const small = { offset, bytes: rest * storedBytes('f32') };
  const tensors = layout.tensors.map((tensor) => {
    const { at } = tensor;
    if (at >= layout.hidden)
      return { ...tensor, storage: 'f32', plain: offset + (at - layout.hidden) * storedBytes('f32') } as const;
    return { ...tensor, storage: half, plain: at * width, transposed: (layout.hidden + at) * width } as const;
  });
  return {
    table: {
      tensors,
      size: layout.size,
      workingBytes: offset + small.bytes,
      workingFormula: `2 × ${layout.hidden} weights of hidden layers × ${width} B (and transposed), ${rest} other weights × 4 B`,
    },
    hidden,
    small,
  };
}
