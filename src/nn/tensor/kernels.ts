/** Kernels of `shaders/nn/tensor/` with their constants, buffers and workgroups: products and sums over rows. */
import type { BufferRange } from '../../gpu/bound-kernel.ts';
import type { Precision } from '../../gpu/precision.ts';
import type { ShaderSpec } from '../../gpu/shaders.ts';
import type { Storage } from '../optimiser/tensor-table.ts';
import type { StepKernel } from '../training/training.ts';

/** How threads are laid out, and how many parts a sum over rows has: only the parts order a sum. */
export interface TensorSizes {
  /** Rows and columns, in fours, of a product that a thread sums. */
  readonly linearRows: number;
  readonly linearQuads: number;
  /** Inputs and outputs, in fours, of a weight's slopes that a thread sums. */
  readonly gradientInputs: number;
  readonly gradientOutputs: number;
  /** Parts of a sum over rows. */
  readonly gradientParts: number;
  /** Queries, or keys, of a thread of attention. */
  readonly queries: number;
  /** Threads of a workgroup. */
  readonly threads: number;
}

/** A planned buffer or a stretch of one. */
export type Bound = string | BufferRange;

/** What 16-bit precisions change: storage of weights, q, k, v and hidden units, and whether products are in halves. */
export interface Narrow {
  readonly storage: Storage;
  readonly half: boolean;
}

export const narrowOf = (precision: Precision, storage: Storage): Narrow => ({ storage, half: precision === 'f16' });

export const inWords = (value: number) => `${value}u`;

/** A kernel of one thread each of `count`. */
export function kernelOf(
  module: string,
  sizes: TensorSizes,
  count: number,
  buffers: Readonly<Record<number, Bound>>,
  { constants = {}, ...spec }: Omit<ShaderSpec, 'module'>,
  threadsName = 'ROW_THREADS',
): StepKernel {
  return {
    shader: {
      ...spec,
      module: `nn/tensor/${module}`,
      constants: { ...constants, [threadsName]: inWords(sizes.threads) },
    },
    buffers,
    workgroups: Math.ceil(count / sizes.threads),
  };
}

export interface LinearShape {
  readonly rows: number;
  /** Multiples of 4. */
  readonly inputs: number;
  readonly outputs: number;
}

export interface LinearBuffers {
  readonly x: Bound;
  readonly w: Bound;
  readonly bias?: Bound;
  readonly y: Bound;
  /** What GELU was, or is, applied to. */
  readonly before?: Bound;
}

export interface LinearOptions {
  /** Storage of what is not f32. */
  readonly narrow: Narrow;
  readonly packed?: { readonly x?: boolean; readonly w?: boolean; readonly y?: boolean; readonly before?: boolean };
  readonly after?: 'gelu' | 'gelu_slope';
  readonly accumulate?: boolean;
}

/** y = x w + b: `linear.wgsl`. */
export function linearKernel(
  sizes: TensorSizes,
  { rows, inputs, outputs }: LinearShape,
  { x, w, bias, y, before }: LinearBuffers,
  { narrow, packed = {}, after, accumulate = false }: LinearOptions,
): StepKernel {
  const narrowed = narrow.storage !== 'f32';
  const half = narrow.half && packed.w === true;
  const blocks = Math.ceil(rows / sizes.linearRows) * Math.ceil(outputs / (4 * sizes.linearQuads));
  const bound = [x, w, bias, y, before].flatMap((buffer, binding) => (buffer === undefined ? [] : [[binding, buffer]]));
  return kernelOf(
    'linear',
    sizes,
    blocks,
    Object.fromEntries(bound),
    {
      conditions: {
        biased: bias !== undefined,
        accumulate,
        half,
        gelu: after === 'gelu',
        gelu_slope: after === 'gelu_slope',
        x_packed: narrowed && packed.x === true,
        w_packed: narrowed && packed.w === true,
        y_packed: narrowed && packed.y === true,
        before_packed: narrowed && packed.before === true,
        bf16: narrow.storage === 'bf16',
      },
      constants: {
        ROWS: inWords(rows),
        INPUTS4: inWords(inputs / 4),
        OUTPUTS4: inWords(outputs / 4),
        BLOCK_ROWS: inWords(sizes.linearRows),
        BLOCK_QUADS: inWords(sizes.linearQuads),
      },
      enable: half ? ['f16'] : [],
      unroll: { r: sizes.linearRows, q: sizes.linearQuads },
    },
    'LINEAR_THREADS',
  );
}

/** Parts of a sum over so many rows. */
export const partsOf = (sizes: TensorSizes, rows: number) => Math.min(sizes.gradientParts, Math.ceil(rows / 64));

export interface GradientBuffers {
  readonly x: Bound;
  readonly dy: Bound;
  /** Parts, or with one part the gradient. */
  readonly parts: Bound;
  readonly place: Bound;
}

/** Slopes by weight and bias in `partsOf` parts: `linear_gradient.wgsl`. */
export function linearGradientKernel(
  sizes: TensorSizes,
  { rows, inputs, outputs }: LinearShape,
  { x, dy, parts, place }: GradientBuffers,
  { narrow, packed = false, biased }: { readonly narrow: Narrow; readonly packed?: boolean; readonly biased: boolean },
): StepKernel {
  const { gradientInputs, gradientOutputs } = sizes;
  const splits = partsOf(sizes, rows);
  const blocks = Math.ceil(inputs / (4 * gradientInputs)) * Math.ceil(outputs / (4 * gradientOutputs));
  return kernelOf(
    'linear_gradient',
    sizes,
    blocks * splits,
    { 0: x, 1: dy, 2: parts, 3: place },
    {
      conditions: { biased, x_packed: packed && narrow.storage !== 'f32', bf16: narrow.storage === 'bf16' },
      constants: {
        ROWS: inWords(rows),
        INPUTS4: inWords(inputs / 4),
        OUTPUTS4: inWords(outputs / 4),
        BLOCK_INPUTS4: inWords(gradientInputs),
        BLOCK_OUTPUTS4: inWords(gradientOutputs),
        SPLITS: inWords(splits),
      },
      unroll: { p: gradientInputs, q: gradientOutputs },
    },
    'GRADIENT_THREADS',
  );
}

/** The gradient of a tensor of so many numbers from its parts: `sum_parts.wgsl`. */
export function sumPartsKernel(
  sizes: TensorSizes,
  numbers: number,
  splits: number,
  { parts, gradient, place }: { readonly parts: Bound; readonly gradient: Bound; readonly place: Bound },
): StepKernel {
  const constants = { LENGTH4: inWords(numbers / 4), SPLITS: inWords(splits) };
  return kernelOf('sum_parts', sizes, numbers / 4, { 0: parts, 1: gradient, 2: place }, { constants }, 'SUM_THREADS');
}
