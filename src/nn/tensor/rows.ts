/** The kernels that go over rows of activations and multiply nothing: embeddings, modulated norms, rotary positions. */
import type { ShaderSpec } from '../../gpu/shaders.ts';
import type { Storage } from '../optimiser/tensor-table.ts';
import type { TensorShape } from './shape.ts';

export interface RowsPlan {
  readonly shader: ShaderSpec;
  /** Workgroups for so many rows. */
  groups(rows: number): number;
}

export const EMBEDDING_BINDINGS = { tokenTable: 0, geneTable: 1, tokens: 2, work: 3, x: 4 } as const;
export const NORM_BINDINGS = { x: 0, modulations: 1, work: 3, h: 4 } as const;
export const ROTARY_BINDINGS = { values: 0, turns: 1 } as const;

export function embeddingPlan(
  { width, storage, genes }: { width: number; storage: Storage; genes: number },
  { threads }: TensorShape,
): RowsPlan {
  return {
    shader: {
      module: 'nn/tensor/embedding',
      conditions: { packed: storage !== 'f32', bf16: storage === 'bf16' },
      constants: {
        GENES: `${genes}u`,
        WIDTH4: `${width / 4}u`,
        ROW_THREADS: `${threads}u`,
      },
    },
    groups: (rows) => Math.ceil((rows * width) / 4 / threads),
  };
}

export interface NormSpec {
  readonly width: number;
  readonly epsilon: number;
  /** Numbers of a cell's modulations, and where shift and scale begin among them; `unit` is added to the scale. */
  readonly stride: number;
  readonly shift: number;
  readonly scale: number;
  readonly unit: 0 | 1;
  /** How h is stored. */
  readonly storage: Storage;
  /** Of the listed rows, in their places; compact: in the order of the list. */
  readonly rows: 'counted' | 'listed' | 'compact';
  /** Genes a place. */
  readonly genes: number;
}

export function normPlan(spec: NormSpec, { normLanes, threads }: TensorShape): RowsPlan {
  const { width, epsilon, stride, shift, scale, unit, storage, rows, genes } = spec;
  const atOnce = Math.max(1, Math.floor(threads / normLanes));
  return {
    shader: {
      module: 'nn/tensor/modulated_norm',
      conditions: {
        shared: normLanes > 1,
        h_packed: storage !== 'f32',
        bf16: storage === 'bf16',
        listed: rows !== 'counted',
        compact: rows === 'compact',
      },
      constants: {
        GENES: `${genes}u`,
        WIDTH4: `${width / 4}u`,
        MODULATION4: `${stride / 4}u`,
        SHIFT4: `${shift / 4}u`,
        SCALE4: `${scale / 4}u`,
        UNIT: `${unit}.0`,
        EPSILON: `${epsilon}`,
        ROW_LANES: `${normLanes}u`,
        ROWS_AT_ONCE: `${atOnce}u`,
      },
    },
    groups: (count) => Math.ceil(count / atOnce),
  };
}

export function rotaryPlan(
  { heads, head, storage, genes }: { heads: number; head: number; storage: Storage; genes: number },
  { threads }: TensorShape,
): RowsPlan {
  return {
    shader: {
      module: 'nn/tensor/rotary',
      conditions: { packed: storage !== 'f32', bf16: storage === 'bf16' },
      constants: {
        GENES: `${genes}u`,
        HEADS: `${heads}u`,
        HEAD4: `${head / 4}u`,
        SIGN: '1.0',
        ROW_THREADS: `${threads}u`,
      },
    },
    groups: (rows) => Math.ceil((rows * heads * head) / 4 / threads),
  };
}

/** Cosine and sine of gene · 10⁴^(−2j/head), [genes][head / 2][2]: what rotary.wgsl reads. */
export function rotaryTurns(genes: number, head: number): Float32Array<ArrayBuffer> {
  const half = head / 2;
  const turns = new Float32Array(genes * head);
  for (let gene = 0; gene < genes; gene++)
    for (let j = 0; j < half; j++) {
      const angle = gene * 1e4 ** (-j / half);
      turns.set([Math.cos(angle), Math.sin(angle)], 2 * (gene * half + j));
    }
  return turns;
}
