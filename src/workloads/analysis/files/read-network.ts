/** Reads a perceptron: sizes and activation from the metadata, or sizes from the tensors where there are none. */
import { FileError } from '../../../bundle/file-error.ts';
import { decodeSafetensors, metadataObject, type Tensors } from '../../../bundle/safetensors.ts';
import { sha256Of } from '../../../bundle/sha256.ts';
import { mlpGraph } from '../../../nn/graph/mlp-graph.ts';
import { storedSpec, storedTensors } from '../../../nn/mlp/stored.ts';
import type { MlpSpec } from '../../../nn/mlp.ts';
import type { ReadFile } from '../../file-role.ts';
import type { NetworkInput } from './network-input.ts';

const GIVE = 'Give a velocity network as flow ships and saves it, or a language model as the folder that it lies in.';

/** @throws FileError that names the entry or the tensor, and what to do */
export function readNetwork(name: string, bytes: Uint8Array<ArrayBuffer>): ReadFile<NetworkInput> {
  const content = decodeSafetensors(name, bytes);
  const told = content.metadata.net !== undefined;
  const spec = told
    ? storedSpec(name, metadataObject(name, content.metadata, 'net', GIVE), GIVE)
    : specOfTensors(name, content);
  if (spec.activation !== 'silu' && spec.activation !== 'gelu')
    throw new FileError(
      name,
      `its activation is ${spec.activation}, whose curvature is not computed here`,
      'Give a network with silu or gelu.',
    );
  const graph = mlpGraph(spec);
  const theta = new Float32Array(graph.size);
  for (const [i, data] of storedTensors(name, spec, graph.parameters, content, GIVE).entries())
    theta.set(data, graph.parameters[i].at);
  const { inputs, outputs, width, depth, activation } = spec;
  const warnings = told
    ? []
    : [`${name} does not say what its hidden layers do: ${activation} is taken, as flow trains it.`];
  return {
    input: { name, sha256: sha256Of(bytes), spec, theta, warnings },
    count: 1,
    what: `a perceptron of ${depth} layers of ${width}, ${inputs} inputs, ${outputs} outputs, ${graph.size.toLocaleString('en-US')} parameters`,
  };
}

/** Matrices are [in, out]. @throws FileError where they are no perceptron's */
function specOfTensors(name: string, { tensors }: Tensors): MlpSpec {
  const first = tensors.get('layers.0.weight')?.shape;
  const last = tensors.get('output.weight')?.shape;
  if (first?.length !== 2 || last?.length !== 2)
    throw new FileError(name, 'it has no matrices layers.0.weight and output.weight, so it is no perceptron', GIVE);
  let depth = 1;
  while (tensors.has(`layers.${depth}.weight`)) depth++;
  return { inputs: first[0], width: first[1], depth, outputs: last[1], activation: 'silu' };
}
