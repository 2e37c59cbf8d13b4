/** Matrix products over rows of activations as kernels: what is multiplied, which rows, what becomes of the sums. */
import type { ShaderSpec } from '../../gpu/shaders.ts';
import type { Storage } from '../optimiser/tensor-table.ts';
import type { TensorShape } from './shape.ts';

export interface MatmulSpec {
  /** Columns of x, a multiple of 4. */
  readonly inner: number;
  /** Numbers from one row to the next of w, and of y; multiples of 4. */
  readonly wStride: number;
  readonly yStride: number;
  /** Columns computed: `columns` of them from `column` on, multiples of 4, the same of w, bias and y. */
  readonly column: number;
  readonly columns: number;
  /** How x, w and y are stored. */
  readonly x: Storage;
  readonly w: Storage;
  readonly y: Storage;
  /** Multiply in halves; x and w are halves then. */
  readonly half?: boolean;
  /** Rows of the active places, those listed, as many one behind the other, or one a place. */
  readonly rows: 'counted' | 'listed' | 'compact' | 'places';
  /** Row i reads row index[i] of x. */
  readonly gathered?: boolean;
  /** SiLU of x first. */
  readonly activated?: boolean;
  readonly biased?: boolean;
  readonly gelu?: boolean;
  /** Add to y; with a gate of the row's cell, `gate` numbers into its `stride` of modulations. */
  readonly accumulate?: boolean | { readonly gate: number; readonly stride: number };
  /** Genes a place. */
  readonly genes: number;
}

/** @binding numbers of `shaders/nn/tensor/operands.wgsl`. */
export const MATMUL_BINDINGS = { x: 0, w: 1, bias: 2, work: 3, y: 4, modulations: 5, index: 6 } as const;

export interface MatmulPlan {
  readonly shader: ShaderSpec;
  /** Workgroups for so many rows. */
  groups(rows: number): number;
}

/** @throws RangeError for columns that no block takes */
export function matmulPlan(spec: MatmulSpec, shape: TensorShape): MatmulPlan {
  const { inner, wStride, yStride, column, columns, half = false, rows, accumulate, genes } = spec;
  for (const [name, size] of Object.entries({ inner, wStride, yStride, column, columns }))
    if (size % 4 !== 0) throw new RangeError(`${name} is ${size}, and a multiple of 4 is expected`);
  const tiles = shape.form === 'tiles';
  const columns4 = columns / 4;
  // Without tiles a block's columns are never beyond the last.
  const block4 = tiles ? shape.block4 : largestDivisor(columns4, shape.block4);
  const columnBlocks = Math.ceil(columns4 / (tiles ? block4 * shape.columnLanes : block4));
  const blockRows = shape.blockRows * (tiles ? shape.rowLanes : shape.threads);
  const gate = typeof accumulate === 'object' ? accumulate : undefined;
  const stored = [spec.x, spec.w, spec.y];
  const shader: ShaderSpec = {
    module: tiles ? 'nn/tensor/matmul_tile' : 'nn/tensor/matmul',
    conditions: {
      quads: shape.form === 'quads' && !half,
      half,
      x_packed: spec.x !== 'f32',
      w_packed: spec.w !== 'f32',
      y_packed: spec.y !== 'f32',
      bf16: stored.includes('bf16'),
      counted: rows === 'counted',
      listed: rows === 'listed',
      compact: rows === 'compact',
      gathered: spec.gathered === true,
      activated: spec.activated === true,
      biased: spec.biased === true,
      gelu: spec.gelu === true,
      accumulate: accumulate !== undefined && accumulate !== false,
      gated: gate !== undefined,
    },
    constants: {
      GENES: `${genes}u`,
      INNER4: `${inner / 4}u`,
      W_STRIDE4: `${wStride / 4}u`,
      Y_STRIDE4: `${yStride / 4}u`,
      COLUMN4: `${column / 4}u`,
      COLUMNS4: `${columns4}u`,
      COLUMN_BLOCKS: `${columnBlocks}u`,
      MODULATION4: `${(gate?.stride ?? 0) / 4}u`,
      GATE4: `${(gate?.gate ?? 0) / 4}u`,
      BLOCK_ROWS: `${shape.blockRows}u`,
      BLOCK4: `${block4}u`,
      MATMUL_THREADS: `${shape.threads}u`,
      ROW_LANES: `${shape.rowLanes}u`,
      COLUMN_LANES: `${shape.columnLanes}u`,
      TILE_INNER4: `${shape.tileInner4}u`,
    },
    unroll: { r: shape.blockRows, c: block4, k: 4 },
    enable: [...(half ? (['f16'] as const) : []), ...(shape.form === 'quads' && !half ? (['subgroups'] as const) : [])],
  };
  return { shader, groups: (count) => Math.ceil(count / blockRows) * columnBlocks };
}

/** Buffers that a product binds: by name, only those that its kernel has. */
export function matmulBuffers<Range>(
  spec: MatmulSpec,
  buffers: Readonly<Partial<Record<keyof typeof MATMUL_BINDINGS, Range>>>,
): Record<number, Range> {
  const { accumulate, biased, gathered } = spec;
  const gated = typeof accumulate === 'object';
  const used: (keyof typeof MATMUL_BINDINGS)[] = ['x', 'w', 'y', 'work'];
  if (biased) used.push('bias');
  if (gated) used.push('modulations');
  if (gathered) used.push('index');
  return Object.fromEntries(
    used.map((name) => {
      const buffer = buffers[name];
      if (buffer === undefined) throw new RangeError(`a product lacks its ${name}`);
      return [MATMUL_BINDINGS[name], buffer];
    }),
  );
}

function largestDivisor(of: number, most: number): number {
  let divisor = Math.min(of, most);
  while (of % divisor !== 0) divisor--;
  return divisor;
}
