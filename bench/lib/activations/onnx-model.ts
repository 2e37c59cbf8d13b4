/**
 * The decoder as an ONNX model with keys and values of what was before as inputs and outputs, as transformers.js has them: prompts and single
 * tokens by one graph.
 */
import { OnnxGraph } from '../../../src/nn/onnx-graph.ts';
import { type DecoderProblem, tensorOf, turned } from './problem.ts';

export const pastNames = (layers: number) =>
  Array.from({ length: layers }, (_, layer) => [`past.${layer}.k`, `past.${layer}.v`] as const);
export const presentOf = (past: string) => past.replace('past', 'present');

/** Inputs tokens i32 [texts, T], positions i32 [T] or cosines and sines [T, 1, head/2], mask [T, S + T], past [texts, heads, S, head]. */
export function onnxDecoder({ spec, weights }: DecoderProblem, texts: number): Uint8Array<ArrayBuffer> {
  const { layers, width, heads, head, hidden, vocabulary, positions, norm, mlp, rotary, biases } = spec;
  const graph = new OnnxGraph();
  const half = head / 2;
  const integers = (name: string, values: readonly number[]) =>
    graph.constant(name, [values.length], BigInt64Array.from(values, BigInt));
  graph.input('tokens', [texts, 'T'], 'i32');
  graph.input('mask', ['T', 'all']);
  for (const name of pastNames(layers).flat()) graph.input(name, [texts, heads, 'S', head]);
  graph.constant('embedding', [vocabulary, width], tensorOf(weights, 'embedding'));
  integers('by heads', [0, 0, heads, head]);
  integers('by rows', [0, 0, width]);
  for (const [name, value] of Object.entries({ zero: 0, half, head, last: -1, end: 2 ** 31 - 1 }))
    integers(name, [value]);
  integers('axis 3', [3]);
  integers('axis 1', [1]);
  graph.constant('scale', [], Float32Array.of(spec.scale));
  if (mlp.activation === 'gelu')
    for (const [name, value] of Object.entries({
      one: 1,
      'half real': 0.5,
      cubic: 0.044715,
      root: Math.sqrt(2 / Math.PI),
    }))
      graph.constant(name, [], Float32Array.of(value));
  let x = graph.node('Gather', ['embedding', 'tokens'], 'x');
  if (rotary) {
    graph.input('cosines', ['T', 1, half]);
    graph.input('sines', ['T', 1, half]);
  } else {
    graph.input('positions', ['T'], 'i32');
    graph.constant('learned', [positions, width], tensorOf(weights, 'positions'));
    x = graph.node('Add', [x, graph.node('Gather', ['learned', 'positions'], 'places')], 'x placed');
  }
  const normed = (input: string, name: string) => {
    const weight = graph.constant(`${name}.weight`, [width], tensorOf(weights, `${name}.weight`));
    const epsilon = { real: norm.epsilon };
    if (norm.kind === 'rms')
      return graph.node('SimplifiedLayerNormalization', [input, weight], `${name} y`, { axis: 2, epsilon });
    const bias = graph.constant(`${name}.bias`, [width], tensorOf(weights, `${name}.bias`));
    return graph.node('LayerNormalization', [input, weight, bias], `${name} y`, { axis: 2, epsilon });
  };
  const linear = (input: string, name: string, inputs: number, outputs: number, biased: boolean) => {
    const weight = graph.constant(`${name}.weight`, [inputs, outputs], turned(weights, `${name}.weight`, outputs));
    const y = graph.node('MatMul', [input, weight], `${name} y`);
    if (!biased) return y;
    return graph.node(
      'Add',
      [y, graph.constant(`${name}.bias`, [outputs], tensorOf(weights, `${name}.bias`))],
      `${name} b`,
    );
  };
  const slice = (input: string, from: string, to: string, name: string) =>
    graph.node('Slice', [input, from, to, 'axis 3'], name);
  const turn = (input: string) => {
    if (!rotary) return input;
    const [low, high] = [slice(input, 'zero', 'half', `${input} low`), slice(input, 'half', 'head', `${input} high`)];
    const times = (a: string, b: string) => graph.node('Mul', [a, b], `${a} ${b}`);
    const first = graph.node('Sub', [times(low, 'cosines'), times(high, 'sines')], `${input} first`);
    const second = graph.node('Add', [times(high, 'cosines'), times(low, 'sines')], `${input} second`);
    return graph.node('Concat', [first, second], `${input} turned`, { axis: 3 });
  };
  for (const [layer, pasts] of pastNames(layers).entries()) {
    const at = (name: string) => `blocks.${layer}.${name}`;
    const h = normed(x, at('norm1'));
    const byHeads = (name: string) =>
      graph.node('Reshape', [linear(h, at(name), width, width, biases !== 'none'), 'by heads'], `${at(name)} heads`);
    const moved = (input: string) => graph.node('Transpose', [input], `${input} moved`, { perm: [0, 2, 1, 3] });
    const q = moved(turn(byHeads('q')));
    const [k, v] = [moved(turn(byHeads('k'))), moved(byHeads('v'))].map((own, i) =>
      graph.node('Concat', [pasts[i], own], presentOf(pasts[i]), { axis: 2 }),
    );
    for (const past of pasts) graph.output(presentOf(past), [texts, heads, 'all', head]);
    const scores = graph.node('MatMul', [q, graph.node('Transpose', [k], at('kt'), { perm: [0, 1, 3, 2] })], at('qk'));
    const masked = graph.node('Add', [graph.node('Mul', [scores, 'scale'], at('scaled')), 'mask'], at('masked'));
    const heard = graph.node('MatMul', [graph.node('Softmax', [masked], at('p'), { axis: 3 }), v], at('pv'));
    const rows = graph.node('Reshape', [moved(heard), 'by rows'], at('rows'));
    x = graph.node('Add', [x, linear(rows, at('o'), width, width, biases === 'all')], at('x1'));
    const h2 = normed(x, at('norm2'));
    const all = biases === 'all';
    const gelu = (input: string) => {
      const node = (op: string, a: string, b: string, name: string) => graph.node(op, [a, b], `${input} ${name}`);
      const cubed = node('Mul', node('Mul', input, input, 'squared'), input, 'cubed');
      const inner = node('Mul', node('Add', input, node('Mul', cubed, 'cubic', 'c'), 'd'), 'root', 'e');
      const tanh = graph.node('Tanh', [inner], `${input} f`);
      return node('Mul', node('Mul', input, 'half real', 'g'), node('Add', tanh, 'one', 'i'), 'gelu');
    };
    let inner = linear(h2, at('up'), width, hidden, all);
    if (mlp.gated) {
      const gate = linear(h2, at('gate'), width, hidden, false);
      const open = graph.node('Mul', [gate, graph.node('Sigmoid', [gate], at('sigmoid'))], at('silu'));
      inner = graph.node('Mul', [open, inner], at('gated'));
    } else inner = gelu(inner);
    x = graph.node('Add', [x, linear(inner, at('down'), hidden, width, all)], at('x2'));
  }
  const last = graph.node('Slice', [x, 'last', 'end', 'axis 1'], 'last x');
  const unembedding = graph.constant('unembedding', [width, vocabulary], turned(weights, 'embedding', vocabulary));
  graph.node('MatMul', [normed(last, 'normF'), unembedding], 'logits');
  graph.output('logits', [texts, 1, vocabulary]);
  return graph.encode();
}
