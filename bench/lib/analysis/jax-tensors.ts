/** θ as jax-js multiplies best: matrices [in, out], queries, keys and values in one, gates beside what they gate. */
import { parameterOf } from '../../../src/nn/graph/graph.ts';
import type { AnalysisProblem } from './problem.ts';

export interface JaxTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/** Tensors of the file, [out, in] each, that lie beside each other in the columns of one of theirs. */
type Part = readonly string[];

const block = (layer: number): readonly Part[] => {
  const of = (name: string) => `model.layers.${layer}.${name}.weight`;
  return [
    [of('input_layernorm')],
    [of('self_attn.q_proj'), of('self_attn.k_proj'), of('self_attn.v_proj')],
    [of('self_attn.o_proj')],
    [of('post_attention_layernorm')],
    [of('mlp.gate_proj'), of('mlp.up_proj')],
    [of('mlp.down_proj')],
  ];
};

const EMBEDDING = 'model.embed_tokens.weight';

const partsOf = ({ spec }: AnalysisProblem): readonly Part[] => [
  [EMBEDDING],
  ...Array.from({ length: spec.layers }, (_, layer) => block(layer)).flat(),
  ['model.norm.weight'],
];

/** Calls back with where every number of a tensor lies in both. */
function places({ graph }: AnalysisProblem, part: Part, each: (ours: number, theirs: number) => void): number[] {
  const own = part.map((name) => parameterOf(graph, name));
  const [{ shape }] = own;
  if (shape.length === 1 || part[0] === EMBEDDING) {
    const count = shape.reduce((product, n) => product * n, 1);
    for (let i = 0; i < count; i++) each(own[0].at + i, i);
    return [...shape];
  }
  const inputs = shape[1];
  const outputs = own.reduce((sum, tensor) => sum + tensor.shape[0], 0);
  let column = 0;
  for (const tensor of own)
    for (let o = 0; o < tensor.shape[0]; o++, column++)
      for (let i = 0; i < inputs; i++) each(tensor.at + o * inputs + i, i * outputs + column);
  return [inputs, outputs];
}

export function inJaxOrder(problem: AnalysisProblem, vector: Float32Array): JaxTensor[] {
  return partsOf(problem).map((part) => {
    const found: [number, number][] = [];
    const shape = places(problem, part, (ours, theirs) => found.push([ours, theirs]));
    const values = new Float32Array(found.length);
    for (const [ours, theirs] of found) values[theirs] = vector[ours];
    return { shape, values };
  });
}

/** Back in θ's order. */
export function fromJaxOrder(problem: AnalysisProblem, tensors: readonly Float32Array[]): Float32Array {
  const vector = new Float32Array(problem.graph.size);
  partsOf(problem).forEach((part, at) => {
    places(problem, part, (ours, theirs) => {
      vector[ours] = tensors[at][theirs];
    });
  });
  return vector;
}
