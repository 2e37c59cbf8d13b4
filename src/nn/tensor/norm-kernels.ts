/** Modulated layer norms and the residual sums before them, forward and backward, with their constants, buffers and workgroups. */
import type { StepKernel } from '../training/training.ts';
import { present, type RowShape, real } from './bound-rows.ts';
import { type Bound, inWords, kernelOf, type TensorSizes } from './kernels.ts';

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
