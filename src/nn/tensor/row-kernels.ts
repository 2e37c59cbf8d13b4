/** Kernels of `shaders/nn/tensor/` with their constants, buffers and workgroups: norms, attention, tables and the loss. */
import type { StepKernel } from '../training/training.ts';
import { type Bound, inWords, kernelOf, type Narrow, partsOf, type TensorSizes } from './kernels.ts';

/** Rows of cells: what all of them go by. */
export interface RowShape {
  readonly cells: number;
  readonly genes: number;
  readonly width: number;
  readonly heads: number;
}

/** Places of a norm's modulations in the rows of two buffers. */
export interface NormPlaces {
  readonly unit: 0 | 1;
  readonly epsilon: number;
  readonly stride: number;
  readonly shift: number;
  readonly scale: number;
  /** Where the branch that is added before has a gate. */
  readonly gate?: { readonly stride: number; readonly at: number };
}

const narrowed = ({ storage }: Narrow, packed: boolean) => ({
  packed: packed && storage !== 'f32',
  bf16: packed && storage === 'bf16',
});

const present = (buffers: readonly (Bound | undefined)[]) =>
  Object.fromEntries(buffers.flatMap((buffer, binding) => (buffer === undefined ? [] : [[binding, buffer] as const])));

/** As WGSL writes a number that is no integer. */
const real = (value: number) => `f32(${value})`;

function normConstants({ cells, genes, width }: RowShape, places: NormPlaces) {
  const { unit, epsilon, stride, shift, scale, gate = { stride: 0, at: 0 } } = places;
  return {
    CELLS: inWords(cells),
    ROWS: inWords(cells * genes),
    GENES: inWords(genes),
    WIDTH4: inWords(width / 4),
    EPSILON: real(epsilon),
    UNIT: real(unit),
    STRIDE4: inWords(stride / 4),
    SHIFT4: inWords(shift / 4),
    SCALE4: inWords(scale / 4),
    GATE_STRIDE4: inWords(gate.stride / 4),
    GATE4: inWords(gate.at / 4),
  };
}

export interface NormBuffers {
  readonly x: Bound;
  /** The branch to add, and where the sum goes; without them x is normed as it is. */
  readonly y?: Bound;
  readonly joint?: Bound;
  readonly gates?: Bound;
  readonly modulations: Bound;
  readonly h: Bound;
  /** Kept for the backward pass. */
  readonly statistics?: Bound;
}

/** `norm.wgsl`. */
export function normKernel(sizes: TensorSizes, shape: RowShape, places: NormPlaces, b: NormBuffers): StepKernel {
  const joined = b.y !== undefined;
  const gated = joined && b.gates !== undefined;
  return kernelOf(
    'norm',
    sizes,
    shape.cells * shape.genes,
    present([b.x, b.y, gated ? b.gates : undefined, b.modulations, b.joint, b.h, b.statistics]),
    { conditions: { joined, gated, kept: b.statistics !== undefined }, constants: normConstants(shape, places) },
  );
}

export interface NormBackwardBuffers {
  readonly dh: Bound;
  readonly x: Bound;
  readonly statistics: Bound;
  readonly modulations: Bound;
  readonly dmodulations: Bound;
  /** Slopes by the residual stream, in and out. */
  readonly dx: Bound;
  /** Where a gated branch was added before the norm; `dgates` unless its gate is of the norm's own modulations. */
  readonly branch?: { readonly y: Bound; readonly gates: Bound; readonly dy: Bound; readonly dgates?: Bound };
}

/** `norm_backward.wgsl` and behind it `modulation_gradient.wgsl`. @param last nothing reaches dx past the norm */
export function normBackwardKernels(
  sizes: TensorSizes,
  shape: RowShape,
  places: NormPlaces,
  { dh, x, statistics, modulations, dmodulations, dx, branch }: NormBackwardBuffers,
  last: boolean,
): [StepKernel, StepKernel] {
  const gated = branch !== undefined;
  const own_gate = gated && branch.dgates === undefined;
  const constants = normConstants(shape, places);
  const rows = present([dh, x, statistics, modulations, dx, branch?.gates, branch?.dy]);
  const sums = present([dh, x, statistics, dmodulations, gated ? dx : undefined, branch?.y, branch?.dgates]);
  return [
    kernelOf('norm_backward', sizes, shape.cells * shape.genes, rows, { conditions: { gated, last }, constants }),
    kernelOf('modulation_gradient', sizes, (shape.cells * shape.width) / 4, sums, {
      conditions: { gated, own_gate },
      constants,
    }),
  ];
}

/** Numbers of a buffer of sums a head: rows filled up to a multiple of 4. */
export const headSums = ({ cells, heads, genes }: RowShape) => cells * heads * 4 * Math.ceil(genes / 4);

function attentionOf(
  module: string,
  sizes: TensorSizes,
  shape: RowShape,
  buffers: Readonly<Record<number, Bound>>,
  narrow: Narrow,
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
      conditions: narrowed(narrow, true),
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

/** `attention_kept.wgsl`. */
export function attentionKernel(
  sizes: TensorSizes,
  shape: RowShape,
  { qkv, output, logSums }: { readonly qkv: Bound; readonly output: Bound; readonly logSums: Bound },
  narrow: Narrow,
): StepKernel {
  return attentionOf('attention_kept', sizes, shape, { 0: qkv, 1: output, 2: logSums }, narrow);
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
): [StepKernel, StepKernel] {
  const shared = { 0: qkv, 2: doutput, 3: logSums, 4: along, 5: dqkv };
  return [
    attentionOf('attention_queries_backward', sizes, shape, { ...shared, 1: output }, narrow),
    attentionOf('attention_keys_backward', sizes, shape, shared, narrow),
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

/** `table_rows.wgsl`. @param packed the tables are in the narrow storage */
export function tableRowsKernel(
  sizes: TensorSizes,
  { rows, width, genes }: { readonly rows: number; readonly width: number; readonly genes: number },
  b: { readonly table: Bound; readonly index: Bound; readonly y: Bound; readonly places?: Bound },
  narrow: Narrow,
  packed: boolean,
): StepKernel {
  return kernelOf('table_rows', sizes, (rows * width) / 4, present([b.table, b.index, b.y, b.places]), {
    conditions: { ...narrowed(narrow, packed), positions: b.places !== undefined },
    constants: { ROWS: inWords(rows), WIDTH4: inWords(width / 4), GENES: inWords(genes) },
  });
}

/** `table_gradient.wgsl`: by `index` in `partsOf` parts, or without it by place in one. */
export function tableGradientKernel(
  sizes: TensorSizes,
  { rows, entries, width, genes }: { rows: number; entries: number; width: number; genes: number },
  b: { readonly index?: Bound; readonly dy: Bound; readonly parts: Bound; readonly place: Bound },
): StepKernel {
  const positions = b.index === undefined;
  const splits = positions ? 1 : partsOf(sizes, rows);
  return kernelOf('table_gradient', sizes, (entries * width * splits) / 4, present([b.index, b.dy, b.parts, b.place]), {
    conditions: { positions },
    constants: {
      ROWS: inWords(rows),
      ENTRIES: inWords(entries),
      WIDTH4: inWords(width / 4),
      GENES: inWords(genes),
      SPLITS: inWords(splits),
    },
  });
}

export interface CrossEntropyShape {
  readonly rows: number;
  readonly width: number;
  readonly outputs: number;
  /** Outputs that may be the best. */
  readonly choices: number;
}

export interface CrossEntropyBuffers {
  readonly features: Bound;
  /** The projection [out][in]. */
  readonly transposed: Bound;
  readonly bias?: Bound;
  /** Target and weight of each row, see `askedWords`. */
  readonly asked: Bound;
  readonly losses: Bound;
  /** With both also the slopes, times the scale of `state`. */
  readonly dfeatures?: Bound;
  readonly logSums?: Bound;
  readonly best?: Bound;
}

/** Target and weight of every row, as the kernels of the cross-entropy read them. */
export function askedWords(targets: ArrayLike<number>, weights: ArrayLike<number>): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(2 * targets.length);
  const real = new Float32Array(words.buffer);
  for (let row = 0; row < targets.length; row++) {
    words[2 * row] = targets[row];
    real[2 * row + 1] = weights[row];
  }
  return words;
}

/** `cross_entropy.wgsl`. */
export function crossEntropyKernel(
  sizes: TensorSizes,
  { rows, width, outputs, choices }: CrossEntropyShape,
  b: CrossEntropyBuffers,
): StepKernel {
  const slopes = b.dfeatures !== undefined;
  const state = slopes ? 'state' : undefined;
  const { features, transposed, bias, asked, losses, dfeatures, logSums, best } = b;
  return kernelOf(
    'cross_entropy',
    sizes,
    rows,
    present([features, transposed, bias, asked, undefined, losses, dfeatures, logSums, state, best]),
    {
      conditions: { slopes, biased: bias !== undefined, best: best !== undefined },
      constants: {
        ROWS: inWords(rows),
        OUTPUTS: inWords(outputs),
        CHOICES: inWords(choices),
        WIDTH4: inWords(width / 4),
      },
    },
  );
}

/** `cross_entropy_weights.wgsl`, in `partsOf` parts of rows of `stride` numbers. */
export function crossEntropyWeightsKernel(
  sizes: TensorSizes,
  { rows, width, outputs, stride }: Omit<CrossEntropyShape, 'choices'> & { readonly stride: number },
  b: Required<Pick<CrossEntropyBuffers, 'features' | 'transposed' | 'asked' | 'logSums'>> & {
    readonly bias?: Bound;
    readonly parts: Bound;
    readonly place: Bound;
  },
): StepKernel {
  const splits = partsOf(sizes, rows);
  return kernelOf(
    'cross_entropy_weights',
    sizes,
    outputs * splits,
    present([b.features, b.transposed, b.bias, b.asked, undefined, b.parts, b.place, b.logSums, 'state']),
    {
      conditions: { biased: b.bias !== undefined },
      constants: {
        ROWS: inWords(rows),
        OUTPUTS: inWords(outputs),
        STRIDE: inWords(stride),
        WIDTH4: inWords(width / 4),
        SPLITS: inWords(splits),
      },
    },
  );
}

/** `silu.wgsl`. */
export function siluKernel(
  sizes: TensorSizes,
  numbers: number,
  { x, y }: { readonly x: Bound; readonly y: Bound },
  backward: boolean,
): StepKernel {
  const constants = { LENGTH4: inWords(numbers / 4) };
  return kernelOf('silu', sizes, numbers / 4, { 0: x, 1: y }, { conditions: { backward }, constants });
}

/** `time_features.wgsl`. */
export function timeFeaturesKernel(
  sizes: TensorSizes,
  { cells, features }: { readonly cells: number; readonly features: number },
  { sigma, frequencies, y }: { readonly sigma: Bound; readonly frequencies: Bound; readonly y: Bound },
): StepKernel {
  const constants = { CELLS: inWords(cells), FEATURES: inWords(features) };
  return kernelOf('time_features', sizes, (cells * features) / 2, { 0: sigma, 1: frequencies, 2: y }, { constants });
}

/** Sums of `run` numbers each: `run_sums.wgsl`. */
export function runSumsKernel(
  sizes: TensorSizes,
  { sums, run }: { readonly sums: number; readonly run: number },
  { x, y }: { readonly x: Bound; readonly y: Bound },
): StepKernel {
  const constants = { SUMS: inWords(sums), RUN: inWords(run) };
  return kernelOf('run_sums', sizes, sums, { 0: x, 1: y }, { constants });
}
