/** One step of AdamW with clipping and a moving average of the weights, in f64. Twin of `shaders/nn/optimiser/adamw.wgsl` and `gradient_norm.wgsl`. */

/** Numbers of the recipe (I. Loshchilov & F. Hutter, Decoupled weight decay regularization, ICLR 2019, algorithm 2). */
export interface AdamwHyper {
  /** Peak of the learning rate; the end of its cosine, as a share of the peak; steps of the linear rise; steps in all. */
  readonly rate: number;
  readonly floor: number;
  readonly warmup: number;
  readonly steps: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Weight decay λ, decoupled from the gradient. */
  readonly decay: number;
  /** Longest gradient; a longer one is shortened to it. */
  readonly clip: number;
  /** Largest weight a of the old in the moving average of the weights. */
  readonly average: number;
}

/** What trainings begin with unless asked otherwise. */
export const DEFAULT_OPTIMISER: AdamwHyper = {
  rate: 1e-3,
  floor: 0.01,
  warmup: 500,
  steps: 10_000,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  decay: 1e-4,
  clip: 5,
  average: 0.999,
};

/** Length of `hyperWords`. */
export const HYPER_WORDS = 12;

/** As the kernel reads them. */
export function hyperWords(hyper: AdamwHyper): Float32Array<ArrayBuffer> {
  const { rate, floor, warmup, steps, beta1, beta2, epsilon, decay, clip, average } = hyper;
  return new Float32Array([rate, floor, warmup, steps, beta1, beta2, epsilon, decay, clip, average, 0, 0]);
}

/** What a step changes, each of the length of the parameters. */
export interface AdamwState {
  readonly weights: Float64Array;
  readonly firstMoment: Float64Array;
  readonly secondMoment: Float64Array;
  readonly average: Float64Array;
}

/** Squared length of a gradient; infinity and NaN stay visible in it. */
export function squaredLength(gradient: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < gradient.length; i++) sum += gradient[i] ** 2;
  return sum;
}

/** The rate of a step, counted from 0: linear up over `warmup`, then a cosine down to `floor` of the peak. */
export function learningRate({ rate, floor, warmup, steps }: AdamwHyper, step: number): number {
  if (step < warmup) return (rate * (step + 1)) / warmup;
  const progress = Math.min(Math.max((step - warmup) / Math.max(steps - warmup, 1), 0), 1);
  return rate * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress)));
}

/**
 * Changes `state` by the step of that number, counted from 0. `gradient` is that of the loss times `scale`. A gradient that is not finite
 * changes nothing.
 */
export function adamwStep(
  state: AdamwState,
  gradient: ArrayLike<number>,
  hyper: AdamwHyper,
  step: number,
  scale = 1,
): void {
  const length = Math.sqrt(squaredLength(gradient)) / scale;
  if (!Number.isFinite(length)) return;
  const { weights, firstMoment: m, secondMoment: v, average } = state;
  const shrink = Math.min(1, hyper.clip / Math.max(length, 1e-30)) / scale;
  const rate = learningRate(hyper, step);
  const [bias1, bias2] = [1 - hyper.beta1 ** (step + 1), 1 - hyper.beta2 ** (step + 1)];
  const keep = Math.min(hyper.average, (1 + step) / (10 + step));
  for (let i = 0; i < weights.length; i++) {
    const g = gradient[i] * shrink;
    m[i] = hyper.beta1 * m[i] + (1 - hyper.beta1) * g;
    v[i] = hyper.beta2 * v[i] + (1 - hyper.beta2) * g * g;
    weights[i] -= rate * (m[i] / bias1 / (Math.sqrt(v[i] / bias2) + hyper.epsilon) + hyper.decay * weights[i]);
    average[i] += (1 - keep) * (weights[i] - average[i]);
  }
}
