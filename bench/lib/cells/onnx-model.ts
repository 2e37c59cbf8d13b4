/** The network as an ONNX model for a batch of cells, all logits at once. */
import { OnnxGraph } from '../../../src/nn/onnx-graph.ts';
import { EXPANSION, NORM_EPSILON } from '../../../src/nn/score-network/spec.ts';
import { type CellsProblem, modulationsOf, tensorOf } from './problem.ts';

/** Input tokens i32 [batch, genes], output logits [batch · genes, bins]. Rows of all cells are one matrix but in the attention. */
export function onnxModel(problem: CellsProblem, batch: number): Uint8Array {
  const { spec } = problem;
  const { layers, width, heads, genes, bins } = spec;
  const graph = new OnnxGraph();
  const shape = (name: string, sizes: number[]) =>
    graph.constant(name, [sizes.length], BigInt64Array.from(sizes, BigInt));
  const scalar = (name: string, value: number) => graph.constant(name, [], Float32Array.of(value));
  const vector = (name: string, values: Float32Array<ArrayBuffer>) => graph.constant(name, [values.length], values);
  const rows = shape('rows', [-1, width]);
  const byHeads = shape('by heads', [batch, genes, heads, width / heads]);
  const [half, one, root, size] = [
    scalar('half', 0.5),
    scalar('one', 1),
    scalar('root', Math.SQRT2),
    scalar('size', Math.sqrt(heads / width)),
  ];
  const dense = (x: string, name: string, inputs: number, outputs: number, part = 0, of = 1) => {
    const [w, b] = [tensorOf(problem, `${name}.weight`), tensorOf(problem, `${name}.bias`)];
    const all = of * outputs;
    const columns = Float32Array.from(
      { length: inputs * outputs },
      (_, i) => w[Math.floor(i / outputs) * all + part * outputs + (i % outputs)],
    );
    const id = `${name} ${part}`;
    const weight = graph.constant(`${id} w`, [inputs, outputs], columns);
    return graph.node('Gemm', [x, weight, vector(`${id} b`, b.slice(part * outputs, (part + 1) * outputs))], `${id} y`);
  };
  const norm = (x: string, shift: string, scale: string, id: string) =>
    graph.node('LayerNormalization', [x, scale, shift], `${id} norm`, {
      axis: 1,
      epsilon: { real: NORM_EPSILON.lockstep },
    });
  const modulations = (name: string) => modulationsOf(problem, name).map((values, i) => vector(`${name} ${i}`, values));
  const joined = (x: string, y: string, gate: string) =>
    graph.node('Add', [x, graph.node('Mul', [y, gate], `${y} gated`)], `${y} joined`);
  const gelu = (x: string) => {
    const erf = graph.node('Erf', [graph.node('Div', [x, root], `${x} scaled`)], `${x} erf`);
    const doubled = graph.node('Mul', [x, graph.node('Add', [erf, one], `${x} share`)], `${x} doubled`);
    return graph.node('Mul', [doubled, half], `${x} gelu`);
  };
  const headsOf = (x: string, perm: number[]) =>
    graph.node('Transpose', [graph.node('Reshape', [x, byHeads], `${x} heads`)], `${x} turned`, { perm });

  graph.input('tokens', [batch, genes], 'i32');
  graph.output('logits', [batch * genes, bins]);
  graph.constant('token table', [bins + 1, width], tensorOf(problem, 'token_embed.weight'));
  graph.constant('gene table', [genes, width], tensorOf(problem, 'gene_embed.weight'));
  const embedded = graph.node(
    'Add',
    [graph.node('Gather', ['token table', 'tokens'], 'seen'), 'gene table'],
    'embedded',
  );
  let x = graph.node('Reshape', [embedded, rows], 'x');
  for (let i = 0; i < layers; i++) {
    const id = `blocks.${i}`;
    const [s1, k1, g1, s2, k2, g2] = modulations(`${id}.ada`);
    const h = norm(x, s1, k1, `${id} attention`);
    const part = (which: number) => dense(h, `${id}.attn.qkv`, width, width, which, 3);
    const q = graph.node('Mul', [headsOf(part(0), [0, 2, 1, 3]), size], `${id} q`);
    const scores = graph.node('MatMul', [q, headsOf(part(1), [0, 2, 3, 1])], `${id} scores`);
    const p = graph.node('Softmax', [scores], `${id} p`, { axis: 3 });
    const heard = graph.node('MatMul', [p, headsOf(part(2), [0, 2, 1, 3])], `${id} heard`);
    const back = graph.node('Transpose', [heard], `${id} back`, { perm: [0, 2, 1, 3] });
    x = joined(x, dense(graph.node('Reshape', [back, rows], `${id} rows`), `${id}.attn.out_proj`, width, width), g1);
    const hidden = dense(norm(x, s2, k2, `${id} hidden`), `${id}.ff.net.0`, width, EXPANSION * width);
    x = joined(x, dense(gelu(hidden), `${id}.ff.net.3`, EXPANSION * width, width), g2);
  }
  const [shift, scale] = modulations('out_ada');
  graph.node('Identity', [dense(norm(x, shift, scale, 'out'), 'out_proj', width, bins)], 'logits');
  return graph.encode();
}
