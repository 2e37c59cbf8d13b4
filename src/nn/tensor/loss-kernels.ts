/** Cross-entropy of rows of features and its slopes, with their constants, buffers and workgroups. */
import type { StepKernel } from '../training/training.ts';
import { present } from './bound-rows.ts';
import { type Bound, inWords, kernelOf, partsOf, type TensorSizes } from './kernels.ts';

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
