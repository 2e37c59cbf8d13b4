/** Attention that keeps what its backward pass needs, that pass, and rotary positions, with their constants, buffers and workgroups. */
import type { StepKernel } from '../training/training.ts';
import { narrowed, type RowShape, real } from './bound-rows.ts';
import { type Bound, inWords, kernelOf, type Narrow, type TensorSizes } from './kernels.ts';

/** Numbers of a buffer of sums a head: rows filled up to a multiple of 4. */
export const headSums = ({ cells, heads, genes }: RowShape) => cells * heads * 4 * Math.ceil(genes / 4);

function attentionOf(
  module: string,
  sizes: TensorSizes,
  shape: RowShape,
  buffers: Readonly<Record<number, Bound>>,
  narrow: Narrow,
  causal: boolean,
): StepKernel {
  const { cells, genes, width, heads } = shape;
  const head4 = width / heads / 4;
  const { queries } = sizes;
  return kernelOf(
    module,
    sizes,
    cells * heads * Math.ceil(genes / queries),
    buffers,
    {
      conditions: { ...narrowed(narrow, true), causal },
      constants: {
        CELLS: inWords(cells),
        GENES: inWords(genes),
        HEADS: inWords(heads),
        HEAD4: inWords(head4),
        QUERIES: inWords(queries),
      },
      unroll: { i: queries, h: head4 },
    },
    'ATTENTION_THREADS',
  );
}

/** `attention_kept.wgsl`. @param causal a gene sees itself and those before it only */
export function attentionKernel(
  sizes: TensorSizes,
  shape: RowShape,
  { qkv, output, logSums }: { readonly qkv: Bound; readonly output: Bound; readonly logSums: Bound },
  narrow: Narrow,
  causal = false,
): StepKernel {
  return attentionOf('attention_kept', sizes, shape, { 0: qkv, 1: output, 2: logSums }, narrow, causal);
}

export interface AttentionBackwardBuffers {
  readonly qkv: Bound;
  readonly output: Bound;
  readonly doutput: Bound;
  readonly logSums: Bound;
  readonly along: Bound;
  readonly dqkv: Bound;
}

/** `attention_queries_backward.wgsl` and behind it `attention_keys_backward.wgsl`. */
export function attentionBackwardKernels(
  sizes: TensorSizes,
  shape: RowShape,
  { qkv, output, doutput, logSums, along, dqkv }: AttentionBackwardBuffers,
  narrow: Narrow,
  causal = false,
): [StepKernel, StepKernel] {
  const shared = { 0: qkv, 2: doutput, 3: logSums, 4: along, 5: dqkv };
  return [
    attentionOf('attention_queries_backward', sizes, shape, { ...shared, 1: output }, narrow, causal),
    attentionOf('attention_keys_backward', sizes, shape, shared, narrow, causal),
  ];
}

/** `rotary.wgsl`. @param packed values in the narrow storage */
export function rotaryKernel(
  sizes: TensorSizes,
  { cells, genes, width, heads }: RowShape,
  { values, turns }: { readonly values: Bound; readonly turns: Bound },
  narrow: Narrow,
  { packed, sign }: { readonly packed: boolean; readonly sign: 1 | -1 },
): StepKernel {
  const head4 = width / heads / 4;
  return kernelOf(
    'rotary',
    sizes,
    cells * genes * heads * head4,
    { 0: values, 1: turns },
    {
      conditions: narrowed(narrow, packed),
      constants: {
        CELLS: inWords(cells),
        GENES: inWords(genes),
        HEADS: inWords(heads),
        HEAD4: inWords(head4),
        SIGN: real(sign),
      },
    },
  );
}

/** Cosine and sine of every gene's angles, as `rotary.wgsl` reads them. @param period longest wavelength over 2π */
export function rotaryTurns(genes: number, head: number, period: number): Float32Array<ArrayBuffer> {
  const half = head / 2;
  const turns = new Float32Array(genes * head);
  for (let gene = 0; gene < genes; gene++)
    for (let c = 0; c < half; c++) {
      const angle = gene * period ** (-c / half);
      turns[2 * (gene * half + c)] = Math.cos(angle);
      turns[2 * (gene * half + c) + 1] = Math.sin(angle);
    }
  return turns;
}
