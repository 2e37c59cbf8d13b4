/** A folder as Hugging Face publishes models, as a graph with θ in the order and layout of its file. */

import { FileError } from '../../bundle/file-error.ts';
import { type FileFolder, pathIn } from '../../bundle/file-folder.ts';
import { type LyingTensor, tensorsIn } from '../../bundle/safetensors-folder.ts';
import { CONFIG_FILE, openCheckpoint } from '../transformer/checkpoint.ts';
import { IGNORED, UNEMBEDDING } from '../transformer/names.ts';
import type { DecoderSpec } from '../transformer/spec.ts';
import { numbersOf } from '../transformer/tensor-pieces.ts';
import type { StoredType } from '../transformer/weights.ts';
import { decoderGraph, graphObjection } from './decoder-graph.ts';
import type { Graph } from './graph.ts';

export interface GraphCheckpoint {
  readonly spec: DecoderSpec;
  readonly graph: Graph;
  /** Reads θ, tensor after tensor; numbers stored in less than 32 bits are widened. @throws FileError */
  theta(): Promise<Float32Array<ArrayBuffer>>;
}

/** Reads config and headers. @throws FileError that names the file or tensor, and what to do */
export async function openGraph(folder: FileFolder): Promise<GraphCheckpoint> {
  const { spec } = await openCheckpoint(folder);
  const objection = graphObjection(spec);
  if (objection) throw new FileError(pathIn(folder, CONFIG_FILE), 'it cannot be analysed', objection);
  const lying = [...(await tensorsIn(folder)).values()].filter(
    ({ name }) => !IGNORED.test(name) && !(spec.tied && name === UNEMBEDDING),
  );
  const graph = decoderGraph(spec, lying);
  return { spec, graph, theta: () => readTheta(graph, lying) };
}

async function readTheta(graph: Graph, lying: readonly LyingTensor[]): Promise<Float32Array<ArrayBuffer>> {
  const theta = new Float32Array(graph.size);
  for (const [i, { file, from, bytes, dtype }] of lying.entries())
    theta.set(numbersOf(await file.read(from, from + bytes), dtype as StoredType), graph.parameters[i].at);
  return theta;
}
