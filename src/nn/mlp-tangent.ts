/** Forward derivatives of the residual perceptron in f64. Twin of `shaders/nn/dual.wgsl` in `shaders/nn/mlp.wgsl`. */
import { activationSlope } from './activation.ts';
import { type MlpLayout, type MlpSpec, mlpLayout, mlpTensor } from './mlp.ts';
import type { MlpTrace } from './mlp-twin.ts';

/** How the outputs change in a direction of the inputs, at the inputs that `trace` was made of. */
export function mlpTangent(
  spec: MlpSpec,
  weights: ArrayLike<number>,
  { z }: MlpTrace,
  direction: ArrayLike<number>,
): Float64Array {
  const layout = mlpLayout(spec);
  let tangent = Float64Array.from({ length: spec.inputs }, (_, i) => direction[i]);
  for (let layer = 0; layer < spec.depth; layer++) {
    const inner = product(layout, weights, `layers.${layer}`, tangent, spec.width);
    const before = tangent;
    tangent = inner.map(
      (value, n) => activationSlope(spec.activation, z[layer][n]) * value + (layer > 0 ? before[n] : 0),
    );
  }
  return product(layout, weights, 'output', tangent, spec.outputs);
}

function product(
  layout: MlpLayout,
  weights: ArrayLike<number>,
  name: string,
  x: Float64Array,
  outputs: number,
): Float64Array<ArrayBuffer> {
  const { at, stride } = mlpTensor(layout, `${name}.weight`);
  return Float64Array.from({ length: outputs }, (_, n) =>
    x.reduce((sum, value, k) => sum + value * weights[at + k * stride + n], 0),
  );
}
