/** The residual perceptron in f64, forward and backward. Twin of `shaders/nn/mlp.wgsl` and `shaders/nn/mlp_backward.wgsl`. */
import { activate, activationSlope } from './activation.ts';
import { type MlpLayout, type MlpSpec, mlpLayout, mlpTensor } from './mlp.ts';

/** What a forward pass leaves for the backward one: inputs, pre-activations and outputs of every hidden layer. */
export interface MlpTrace {
  readonly input: Float64Array;
  readonly z: readonly Float64Array[];
  readonly h: readonly Float64Array[];
  readonly output: Float64Array;
}

/** y for one sample, with everything on the way. `weights` in the order of `mlpLayout`. */
export function mlpForward(spec: MlpSpec, weights: ArrayLike<number>, input: ArrayLike<number>): MlpTrace {
  const layout = mlpLayout(spec);
  const z: Float64Array[] = [];
  const h: Float64Array[] = [];
  let current = Float64Array.from({ length: spec.inputs }, (_, i) => input[i]);
  for (let layer = 0; layer < spec.depth; layer++) {
    const sums = affine(layout, weights, `layers.${layer}`, current, spec.width);
    const next = sums.map((value, n) => activate(spec.activation, value) + (layer > 0 ? current[n] : 0));
    z.push(sums);
    h.push(next);
    current = next;
  }
  const output = affine(layout, weights, 'output', current, spec.outputs);
  return { input: Float64Array.from({ length: spec.inputs }, (_, i) => input[i]), z, h, output };
}

function affine(
  layout: MlpLayout,
  weights: ArrayLike<number>,
  name: string,
  x: Float64Array,
  outputs: number,
): Float64Array<ArrayBuffer> {
  const matrix = mlpTensor(layout, `${name}.weight`);
  const bias = mlpTensor(layout, `${name}.bias`);
  return Float64Array.from({ length: outputs }, (_, n) => {
    let sum = weights[bias.at + n];
    for (let k = 0; k < x.length; k++) sum += x[k] * weights[matrix.at + k * matrix.stride + n];
    return sum;
  });
}

/** Adds the gradient of a loss to `gradient`, given the loss's derivative by every output. */
export function mlpBackward(
  spec: MlpSpec,
  weights: ArrayLike<number>,
  { input, z, h }: MlpTrace,
  outputSlope: Float64Array,
  gradient: Float64Array,
): void {
  const layout = mlpLayout(spec);
  const into = (name: string, x: Float64Array, slope: Float64Array) => {
    const matrix = mlpTensor(layout, `${name}.weight`);
    const bias = mlpTensor(layout, `${name}.bias`);
    slope.forEach((value, n) => {
      gradient[bias.at + n] += value;
      for (let k = 0; k < x.length; k++) gradient[matrix.at + k * matrix.stride + n] += x[k] * value;
    });
  };
  const back = (name: string, slope: Float64Array) => {
    const matrix = mlpTensor(layout, `${name}.weight`);
    return Float64Array.from({ length: spec.width }, (_, k) =>
      slope.reduce((sum, value, n) => sum + value * weights[matrix.at + k * matrix.stride + n], 0),
    );
  };
  into('output', h[spec.depth - 1], outputSlope);
  let slope = back('output', outputSlope);
  for (let layer = spec.depth - 1; layer >= 0; layer--) {
    const inner = slope.map((value, n) => value * activationSlope(spec.activation, z[layer][n]));
    into(`layers.${layer}`, layer > 0 ? h[layer - 1] : input, inner);
    if (layer === 0) break;
    const through = back(`layers.${layer}`, inner);
    slope = slope.map((value, k) => value + through[k]);
  }
}
