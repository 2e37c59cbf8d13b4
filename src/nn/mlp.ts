/**
 * A residual multilayer perceptron and the order of its parameters in memory:
 *
 *     h₀ = φ(x W₀ + b₀),   h_l = h_{l−1} + φ(h_{l−1} W_l + b_l)  for l = 1 … depth − 1,   y = h W_out + b_out
 *
 * Matrices are stored [in][out], a row of outputs after the other. The square matrices of the hidden layers come first: they are nearly all of
 * the parameters and the part that half precision stores in half. Everything else (input and output layer, biases) stays in f32.
 */

import { filled, type Tensor } from './optimiser/tensor-table.ts';

export const ACTIVATIONS = ['silu', 'gelu', 'relu', 'tanh'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

export interface MlpSpec {
  readonly inputs: number;
  readonly outputs: number;
  /** Units of every hidden layer, a multiple of 8. */
  readonly width: number;
  /** Hidden layers, the first included; at least 1. */
  readonly depth: number;
  readonly activation: Activation;
}

export interface MlpLayout {
  readonly tensors: readonly Tensor[];
  /** Numbers of the hidden matrices, which come first. */
  readonly hidden: number;
  /** All numbers, padding included; a multiple of 4. */
  readonly size: number;
  /** Outputs rounded up to a multiple of 4. */
  readonly paddedOutputs: number;
  /** Parameters of the network: padding left out. */
  readonly parameters: number;
}

/** @throws RangeError for a width or depth that no kernel has. */
export function mlpLayout({ inputs, outputs, width, depth }: MlpSpec): MlpLayout {
  if (width < 8 || width % 8 !== 0) throw new RangeError(`a width of ${width} is no multiple of 8`);
  if (depth < 1 || !Number.isInteger(depth)) throw new RangeError(`a depth of ${depth} is no whole number from 1`);
  const paddedOutputs = filled(outputs);
  const tensors: Tensor[] = [];
  let at = 0;
  const add = (name: string, shape: readonly number[], stride: number) => {
    tensors.push({ name, shape, at, stride });
    at += (shape.length === 2 ? shape[0] : 1) * stride;
  };
  for (let layer = 1; layer < depth; layer++) add(`layers.${layer}.weight`, [width, width], width);
  const hidden = at;
  add('layers.0.weight', [inputs, width], width);
  for (let layer = 0; layer < depth; layer++) add(`layers.${layer}.bias`, [width], width);
  add('output.weight', [width, outputs], paddedOutputs);
  add('output.bias', [outputs], paddedOutputs);
  const parameters = tensors.reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);
  return { tensors, hidden, size: at, paddedOutputs, parameters };
}

/** The tensor of that name. */
export function mlpTensor(layout: MlpLayout, name: string): Tensor {
  const found = layout.tensors.find((tensor) => tensor.name === name);
  if (!found) throw new RangeError(`the network has no tensor "${name}"`);
  return found;
}

/** Floating-point operations of one evaluation: a multiply-add counts two, an activation four (exponential, add, divide, multiply). */
export function mlpFlop({ inputs, outputs, width, depth }: MlpSpec): number {
  return 2 * width * (inputs + (depth - 1) * width + outputs) + width * depth * 6;
}
