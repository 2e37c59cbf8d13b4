/** Activation functions and their derivatives in f64. Twin of `shaders/nn/activation.wgsl`. */
import type { Activation } from './mlp.ts';

const GELU_SCALE = Math.sqrt(2 / Math.PI);

const logistic = (z: number) => 1 / (1 + Math.exp(-z));
const geluTanh = (z: number) => Math.tanh(GELU_SCALE * (z + 0.044715 * z ** 3));

export function activate(kind: Activation, z: number): number {
  switch (kind) {
    case 'silu':
      return z * logistic(z);
    case 'relu':
      return Math.max(z, 0);
    case 'gelu':
      return 0.5 * z * (1 + geluTanh(z));
    case 'tanh':
      return Math.tanh(z);
  }
}

export function activationSlope(kind: Activation, z: number): number {
  switch (kind) {
    case 'silu': {
      const s = logistic(z);
      return s * (1 + z * (1 - s));
    }
    case 'relu':
      return z > 0 ? 1 : 0;
    case 'gelu': {
      const t = geluTanh(z);
      return 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * GELU_SCALE * (1 + 3 * 0.044715 * z * z);
    }
    case 'tanh':
      return 1 - Math.tanh(z) ** 2;
  }
}
