/** The graph of a residual perceptron (`nn/mlp.ts`), with parameters as its file has them: weight and bias of layer after layer, [in][out]. */
import type { MlpSpec } from '../mlp.ts';
import { type Graph, numbersOf, type Operation, type ParameterTensor } from './graph.ts';

/** @throws RangeError for an activation that has no second derivative here */
export function mlpGraph({ inputs, outputs, width, depth, activation }: MlpSpec): Graph {
  if (activation !== 'silu' && activation !== 'gelu')
    throw new RangeError(`products with curvature are computed of silu and gelu, and this network has ${activation}`);
  const parameters: ParameterTensor[] = [];
  const widths: Record<string, number> = { input: inputs };
  const operations: Operation[] = [];
  let size = 0;
  const tensor = (name: string, shape: readonly number[]) => {
    parameters.push({ name, shape, at: size, filter: shape.length === 2 ? 'column' : 'none' });
    size += numbersOf(shape);
    return name;
  };
  const linear = (x: string, name: string, from: number, to: number, out: string) => {
    const weight = tensor(`${name}.weight`, [from, to]);
    const bias = tensor(`${name}.bias`, [to]);
    operations.push({ kind: 'linear', x, weight, bias, layout: 'in-out', inputs: from, outputs: to, out });
    widths[out] = to;
    return out;
  };
  let x = 'input';
  const residuals: string[] = [];
  for (let l = 0; l < depth; l++) {
    const y = linear(x, `layers.${l}`, l === 0 ? inputs : width, width, `linear.${l}`);
    const active = l === 0 ? 'h.0' : `active.${l}`;
    operations.push({ kind: 'activation', activation, x: y, out: active });
    widths[active] = width;
    if (l > 0) {
      operations.push({ kind: 'add', a: x, b: active, out: `h.${l}` });
      widths[`h.${l}`] = width;
    }
    x = `h.${l}`;
    residuals.push(x);
  }
  linear(x, 'output', width, outputs, 'output');
  return {
    name: 'perceptron',
    parameters,
    size,
    widths,
    operations,
    input: { kind: 'numbers', value: 'input' },
    embedded: 'input',
    residuals,
    final: x,
    output: 'output',
    head: { kind: 'squared-error', outputs },
    blocks: [],
    positions: 1,
    layers: depth,
    heads: 0,
  };
}
