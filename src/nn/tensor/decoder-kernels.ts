/** RMS norms, gated units and the loss of stored logits, forward and backward, with their constants, buffers and workgroups. */
import type { StepKernel } from '../training/training.ts';
import { present, real } from './bound-rows.ts';
import { type Bound, inWords, kernelOf, partsOf, type TensorSizes } from './kernels.ts';

export interface RmsShape {
  readonly rows: number;
  readonly width: number;
}

const rowsOf = ({ rows, width }: RmsShape) => ({ ROWS: inWords(rows), WIDTH4: inWords(width / 4) });

/** `rms_norm.wgsl`: with `y` and `joint` of the sum x + y, which goes to `joint`; `inverses` are kept for the backward pass. */
export function rmsNormKernel(
  sizes: TensorSizes,
  shape: RmsShape,
  epsilon: number,
  b: {
    readonly x: Bound;
    readonly y?: Bound;
    readonly w: Bound;
    readonly joint?: Bound;
    readonly h: Bound;
    readonly inverses?: Bound;
  },
): StepKernel {
  return kernelOf('rms_norm', sizes, shape.rows, present([b.x, b.y, b.w, b.joint, b.h, b.inverses]), {
    conditions: { joined: b.y !== undefined, kept: b.inverses !== undefined },
    constants: { ...rowsOf(shape), EPSILON: real(epsilon) },
  });
}

export interface RmsBackwardBuffers {
  readonly dh: Bound;
  readonly x: Bound;
  readonly w: Bound;
  readonly inverses: Bound;
  /** Slopes by the residual stream, in and out. */
  readonly dx: Bound;
}

/** `rms_norm_backward.wgsl`. @param last nothing reaches dx past the norm */
export function rmsBackwardKernel(
  sizes: TensorSizes,
  shape: RmsShape,
  { dh, x, w, inverses, dx }: RmsBackwardBuffers,
  last: boolean,
): StepKernel {
  return kernelOf('rms_norm_backward', sizes, shape.rows, present([dh, x, w, inverses, dx]), {
    conditions: { last },
    constants: rowsOf(shape),
  });
}

/** Slopes by the weights in `partsOf` parts: `rms_gradient.wgsl`. */
export function rmsGradientKernel(
  sizes: TensorSizes,
  shape: RmsShape,
  { dh, x, inverses, parts, place }: Record<'dh' | 'x' | 'inverses' | 'parts' | 'place', Bound>,
): StepKernel {
  const splits = partsOf(sizes, shape.rows);
  return kernelOf('rms_gradient', sizes, (shape.width * splits) / 4, present([dh, x, inverses, parts, place]), {
    constants: { ...rowsOf(shape), SPLITS: inWords(splits) },
  });
}

/** `silu_gate.wgsl`: y of rows of gate and value, or with `dx` the slopes by these, of those by y. */
export function siluGateKernel(
  sizes: TensorSizes,
  { rows, hidden }: { readonly rows: number; readonly hidden: number },
  { x, y, dx }: { readonly x: Bound; readonly y: Bound; readonly dx?: Bound },
): StepKernel {
  return kernelOf('silu_gate', sizes, (rows * hidden) / 4, present([x, y, dx]), {
    conditions: { backward: dx !== undefined },
    constants: { ROWS: inWords(rows), HIDDEN4: inWords(hidden / 4) },
  });
}

/** `logit_loss.wgsl`. @param slopes they take the place of the logits, times the scale of `state` */
export function logitLossKernel(
  sizes: TensorSizes,
  { rows, outputs }: { readonly rows: number; readonly outputs: number },
  { logits, asked, losses }: Record<'logits' | 'asked' | 'losses', Bound>,
  slopes: boolean,
): StepKernel {
  const buffers: Record<number, Bound> = { 0: logits, 1: asked, 2: losses };
  if (slopes) buffers[8] = 'state';
  return kernelOf('logit_loss', sizes, rows, buffers, {
    conditions: { slopes },
    constants: { ROWS: inWords(rows), OUTPUTS4: inWords(outputs / 4) },
  });
}
