/** Attention over the genes of a cell as a kernel. */
import type { ShaderSpec } from '../../gpu/shaders.ts';
import type { Storage } from '../optimiser/tensor-table.ts';
import type { TensorShape } from './shape.ts';

export interface AttentionSpec {
  readonly heads: number;
  /** Numbers of a head: 8, 16 … 64. */
  readonly head: number;
  /** How q, k, v and the result are stored; `half`: read as type f16. */
  readonly storage: Storage;
  readonly half?: boolean;
  /** Only the listed rows ask. */
  readonly listed?: boolean;
  /** A gene sees itself and those before it only. */
  readonly causal?: boolean;
  /** Genes a place. */
  readonly genes: number;
}

/** @binding numbers of `shaders/nn/tensor/attention.wgsl`. */
export const ATTENTION_BINDINGS = { qkv: 0, work: 3, output: 4 } as const;

export interface AttentionPlan {
  readonly shader: ShaderSpec;
  /** Threads, or in tiles workgroups, that share so many queries of a cell and head. */
  shares(queries: number): number;
  /** Workgroups for so many active places with so many shares each. */
  groups(cells: number, shares: number): number;
}

/** Genes of a cell at most: lavapipe ends loops after 65,535 iterations, and a cell's keys are gone through by fours. */
export const MOST_GENES = 2048;

/** @throws RangeError for a head or a number of genes that the kernels do not have */
export function attentionPlan(spec: AttentionSpec, shape: TensorShape): AttentionPlan {
  const { heads, head, storage, half = false, listed = false, causal = false, genes } = spec;
  if (head % 8 !== 0 || head > 64) throw new RangeError(`heads of ${head} numbers: 8, 16 … 64 are expected`);
  if (genes > MOST_GENES) throw new RangeError(`${genes} genes a cell, and attention is over ${MOST_GENES} at most`);
  const tiles = shape.form === 'tiles';
  const quads = shape.form === 'quads';
  const shares = (queries: number) => {
    if (tiles) return Math.ceil(queries / shape.attentionThreads);
    const groups = Math.ceil(queries / shape.queries);
    // The lanes of a quad swap keys: they have to be of one cell and head.
    return quads ? 4 * Math.ceil(groups / 4) : groups;
  };
  const shader: ShaderSpec = {
    module: tiles ? 'nn/tensor/attention_tile' : 'nn/tensor/attention',
    conditions: { quads, half, packed: storage !== 'f32', bf16: storage === 'bf16', listed, causal },
    constants: {
      GENES: `${genes}u`,
      HEADS: `${heads}u`,
      HEAD4: `${head / 4}u`,
      HEAD_SCALE: `${1 / Math.sqrt(head)}`,
      QUERIES: `${shape.queries}u`,
      QUERY_GROUPS: `${shares(genes)}u`,
      ATTENTION_THREADS: `${shape.attentionThreads}u`,
      TILE_KEYS: `${shape.tileKeys}u`,
    },
    unroll: { i: shape.queries, h: head / 4, k: 4 },
    enable: [...(half ? (['f16'] as const) : []), ...(quads ? (['subgroups'] as const) : [])],
  };
  return {
    shader,
    shares,
    groups: (cells, each) => Math.ceil((cells * heads * each) / (tiles ? 1 : shape.attentionThreads)),
  };
}
