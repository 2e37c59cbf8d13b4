/** Tiny networks with weights from a formula, for tests: sizes that fill nothing, texts of several lengths. */
import { decoderGraph } from '../../src/nn/graph/decoder-graph.ts';
import { type Graph, numbersOf } from '../../src/nn/graph/graph.ts';
import type { MachineOptions, RowBatch } from '../../src/nn/graph/machine.ts';
import { mlpGraph } from '../../src/nn/graph/mlp-graph.ts';
import { threefryWord, uniform01 } from '../../src/stats/threefry.ts';
import { SMALL } from '../transformer/small-decoders.ts';

export interface SmallGraph {
  readonly name: string;
  readonly graph: Graph;
  readonly theta: Float32Array;
  /** Six rows. */
  readonly batch: RowBatch;
  /** 1/M for every position with a next token (of a squared error 1 over rows and outputs). */
  readonly weights: readonly (readonly number[])[];
  readonly length: number;
}

/** In (−1, 1), by place and stream. */
export const draw = (stream: number, i: number) => 2 * uniform01(threefryWord(15, stream, i, 0)) - 1;

/** Weights around the size that trained ones have; norms' around 1. */
export function smallTheta({ parameters, size }: Graph, stream = 1): Float32Array {
  const theta = new Float32Array(size);
  for (const { at, shape, name } of parameters) {
    const norm = shape.length === 1 && /norm|ln_/.test(name) && name.endsWith('weight');
    const scale = shape.length === 2 ? 1.5 / Math.sqrt(Math.min(...shape)) : 0.3;
    for (let i = 0; i < numbersOf(shape); i++) theta[at + i] = Number(norm) + scale * draw(stream, at + i);
  }
  return theta;
}

const LENGTHS = [9, 5, 11, 1, 8, 2];

function decoder(name: string, graph: Graph): SmallGraph {
  const vocabulary = graph.widths[graph.output];
  const ids = LENGTHS.map((length, r) =>
    Array.from({ length }, (_, t) => threefryWord(16, r, t, 0) % Math.min(vocabulary, 12)),
  );
  const valid = LENGTHS.reduce((sum, length) => sum + length - 1, 0);
  return {
    name,
    graph,
    theta: smallTheta(graph),
    batch: { ids },
    weights: ids.map((own) => own.map(() => 1 / valid)),
    length: Math.max(...LENGTHS),
  };
}

function perceptron(): SmallGraph {
  const graph = mlpGraph({ inputs: 5, width: 16, depth: 3, outputs: 3, activation: 'silu' });
  const rows = LENGTHS.length;
  const of = (stream: number, n: number) =>
    Array.from({ length: rows }, (_, r) => Array.from({ length: n }, (_, i) => draw(stream, r * n + i)));
  return {
    name: 'perceptron',
    graph,
    theta: smallTheta(graph),
    batch: { numbers: of(2, 5), targets: of(3, 3) },
    weights: Array.from({ length: rows }, () => [1 / (3 * rows)]),
    length: 1,
  };
}

const { window: _unseen, ...qwen2 } = SMALL.qwen2;

/** Joint q, k, v and a tied head; shared heads of keys and an own head; biases of q, k, v alone, tied. */
export const SMALL_GRAPHS: readonly SmallGraph[] = [
  decoder('gpt2', decoderGraph(SMALL.gpt2)),
  decoder('llama', decoderGraph(SMALL.llama)),
  decoder('qwen2', decoderGraph(qwen2)),
  perceptron(),
];

export const smallGraph = (name: string) => SMALL_GRAPHS.find((small) => small.name === name)!;

/** Everything a machine can do, with these vectors. */
export function allOptions({ graph, batch, length }: SmallGraph, vectors: readonly string[]): MachineOptions {
  const rows = (batch.ids ?? batch.numbers!).length;
  const parts = { backward: true, parameterGradients: true, tangents: true, adjoints: [...graph.residuals] };
  return { graph, rows, length, vectors, ...parts };
}
