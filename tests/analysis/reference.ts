/** Values of an independent program, for evidence: the folder `data/analysis` of the reference data. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { bytesFolder } from '../../src/bundle/file-folder.ts';
import { parseJson } from '../../src/bundle/json-text.ts';
import { decodeNpy } from '../../src/bundle/npy.ts';
import { tensorsIn } from '../../src/bundle/safetensors-folder.ts';
import type { Graph } from '../../src/nn/graph/graph.ts';
import { openGraph } from '../../src/nn/graph/load.ts';
import { mlpGraph } from '../../src/nn/graph/mlp-graph.ts';

/** Numbers of a file by where they lie, checked by whoever reads them. */
// biome-ignore lint/suspicious/noExplicitAny: a tree of numbers that only its README describes.
export type ReferenceValues = any;

export interface DecoderReference {
  readonly graph: Graph;
  readonly theta: Float32Array;
  /** Of every item, without padding. */
  readonly ids: readonly (readonly number[])[];
  readonly batch: ReferenceValues;
  readonly values: ReferenceValues;
  npy(name: string): Promise<Float64Array>;
}

/** @throws Error without LOCKSTEP_SHARED */
export function analysisFolder(name: string): string {
  const { LOCKSTEP_SHARED } = process.env;
  if (!LOCKSTEP_SHARED) throw new Error('LOCKSTEP_SHARED names no folder with data/analysis');
  return resolve(LOCKSTEP_SHARED, 'data/analysis', name);
}

async function json(path: string): Promise<ReferenceValues> {
  return parseJson(await readFile(path, 'utf8'));
}

async function npy(path: string): Promise<Float64Array> {
  return Float64Array.from(decodeNpy(path, new Uint8Array(await readFile(path))).data);
}

export async function readDecoder(name: 'gpt2' | 'llama'): Promise<DecoderReference> {
  const folder = analysisFolder(name);
  const bytes = async (file: string) => new Uint8Array(await readFile(resolve(folder, file)));
  const files = { 'config.json': await bytes('config.json'), 'model.safetensors': await bytes('model.safetensors') };
  const { graph, theta } = await openGraph(bytesFolder(name, files));
  const batch = await json(resolve(folder, 'batch.json'));
  return {
    graph,
    theta: await theta(),
    ids: batch.ids.map((ids: number[], i: number) => ids.slice(0, batch.lengths[i])),
    batch,
    values: await json(resolve(folder, 'values.json')),
    npy: (file) => npy(resolve(folder, file)),
  };
}

export interface PerceptronReference {
  readonly graph: Graph;
  readonly theta: Float32Array;
  readonly values: ReferenceValues;
}

export async function readPerceptron(): Promise<PerceptronReference> {
  const folder = analysisFolder('mlp');
  const values = await json(resolve(folder, 'values.json'));
  const { inputs, width, depth, outputs } = values.meta;
  const graph = mlpGraph({ inputs, width, depth, outputs, activation: 'silu' });
  const path = resolve(folder, 'model.safetensors');
  const tensors = await tensorsIn(bytesFolder('mlp', { 'model.safetensors': new Uint8Array(await readFile(path)) }));
  const theta = new Float32Array(graph.size);
  for (const { name, at } of graph.parameters) {
    const { file, from, bytes } = tensors.get(name)!;
    theta.set(new Float32Array((await file.read(from, from + bytes)).buffer), at);
  }
  return { graph, theta, values };
}
