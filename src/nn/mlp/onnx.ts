/** The residual perceptron as ONNX operations in f32, many samples a call. Its f64 twin is `mlp-twin.ts`. */
import { type Activation, type MlpSpec, mlpLayout } from '../mlp.ts';
import type { OnnxGraph } from '../onnx-graph.ts';
import { tensorValues } from '../optimiser/tensor-table.ts';

/** The network's weights as constants, once a graph, whatever number of times it is evaluated in it. */
export function addMlpWeights(graph: OnnxGraph, spec: MlpSpec, weights: Float32Array): void {
  for (const tensor of mlpLayout(spec).tensors)
    graph.constant(tensor.name, tensor.shape, tensorValues(tensor, weights));
  if (spec.activation === 'gelu') {
    graph.constant('gelu cubic', [], Float32Array.of(0.044715));
    graph.constant('gelu scale', [], Float32Array.of(Math.sqrt(2 / Math.PI)));
    graph.constant('one', [], Float32Array.of(1));
    graph.constant('half', [], Float32Array.of(0.5));
  }
}

/**
 * One evaluation at `input` [rows, inputs]; names the output [rows, outputs].
 * @param id begins the names of its values
 */
export function addMlp(graph: OnnxGraph, { depth, activation }: MlpSpec, input: string, id: string): string {
  const dense = (x: string, name: string, to: string) =>
    graph.node('Gemm', [x, `${name}.weight`, `${name}.bias`], `${id} ${to}`);
  let h = input;
  for (let layer = 0; layer < depth; layer++) {
    const activated = addActivation(graph, activation, dense(h, `layers.${layer}`, `z${layer}`));
    h = layer === 0 ? activated : graph.node('Add', [h, activated], `${id} h${layer}`);
  }
  return dense(h, 'output', 'y');
}

function addActivation(graph: OnnxGraph, kind: Activation, z: string): string {
  const step = (op: string, inputs: readonly string[], name: string) => graph.node(op, inputs, `${z} ${name}`);
  switch (kind) {
    case 'silu':
      return step('Mul', [z, step('Sigmoid', [z], 'logistic')], 'silu');
    case 'relu':
      return step('Relu', [z], 'relu');
    case 'tanh':
      return step('Tanh', [z], 'tanh');
    case 'gelu': {
      const cube = step('Mul', [step('Mul', [z, z], 'square'), z], 'cube');
      const inner = step('Add', [z, step('Mul', [cube, 'gelu cubic'], 'cubic')], 'inner');
      const t = step('Tanh', [step('Mul', [inner, 'gelu scale'], 'scaled')], 'tanh');
      return step('Mul', [step('Mul', [z, 'half'], 'halved'), step('Add', [t, 'one'], 'share')], 'gelu');
    }
  }
}
