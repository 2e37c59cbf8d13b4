/** The kernels that end a training step, and the buffers that they share with those that begin it. */
import type { KernelBinding } from '../../gpu/bound-kernel.ts';
import type { BufferRole, PlannedBuffer } from '../../gpu/plan.ts';
import type { ShaderSpec } from '../../gpu/shaders.ts';
import { HYPER_WORDS } from './adamw.ts';
import { type TensorTable, tableBlocks, tableWords } from './tensor-table.ts';

/** What an optimiser is linked and allocated by. */
export interface OptimiserSpec {
  readonly table: TensorTable;
  /** Numbers that a step leaves in `losses`, and terms that they are sums of: the loss is their sum over the terms. */
  readonly losses: number;
  readonly lossTerms: number;
  /** The loss is multiplied by a scale that follows what gradients in 16 bits bear. */
  readonly scaled: boolean;
  readonly sizes: OptimiserSizes;
}

export interface OptimiserSizes {
  /** Stretches of the gradient whose squares are added one by one. It orders the sum that clipping looks at: bits hang on it. */
  readonly normParts: number;
  /** Threads of a workgroup of the optimiser. */
  readonly updateThreads: number;
  /** Steps whose mean loss the device remembers between two readings. */
  readonly lossHistory: number;
}

export type OptimiserKernel = 'norm' | 'update' | 'next' | 'copies';

/** Weights, two moments and the moving average, each as long as the flat vector. */
export const OPTIMISER_PARTS = 4;
export const STATE_BYTES = 16;
const WORD = 4;

/** @binding numbers; a network's own kernels have 0 to 4, 11, 12 and those from 15 on, `losses` (2) apart. */
export const OPTIMISER_BINDINGS = {
  losses: 2,
  gradient: 5,
  parts: 6,
  optimiser: 7,
  state: 8,
  hyper: 9,
  history: 10,
  tensors: 13,
  working: 14,
} as const;

const MODULES: Readonly<Record<OptimiserKernel, string>> = {
  norm: 'nn/optimiser/gradient_norm',
  update: 'nn/optimiser/adamw',
  next: 'nn/optimiser/next_step',
  copies: 'nn/optimiser/copies',
};

const USES: Readonly<Record<OptimiserKernel, readonly (keyof typeof OPTIMISER_BINDINGS)[]>> = {
  norm: ['gradient', 'parts'],
  update: ['gradient', 'parts', 'optimiser', 'state', 'hyper', 'tensors', 'working'],
  next: ['losses', 'parts', 'state', 'history'],
  copies: ['optimiser', 'tensors', 'working'],
};

export function optimiserKernels(spec: OptimiserSpec): Record<OptimiserKernel, KernelBinding> {
  const { table, losses, lossTerms, scaled, sizes } = spec;
  const shared: Omit<ShaderSpec, 'module'> = {
    conditions: { scaled },
    constants: {
      PARAMETERS4: `${table.size / 4}u`,
      PARTS: `${sizes.normParts}u`,
      BLOCKS: `${tableBlocks(table)}u`,
      UPDATE_THREADS: `${sizes.updateThreads}u`,
      HISTORY: `${sizes.lossHistory}u`,
      LOSSES: `${losses}u`,
      LOSS_TERMS: `${lossTerms}u`,
    },
  };
  const kernel = (name: OptimiserKernel): KernelBinding => ({
    shader: { ...shared, module: MODULES[name] },
    buffers: Object.fromEntries(USES[name].map((buffer) => [OPTIMISER_BINDINGS[buffer], buffer])),
  });
  return { norm: kernel('norm'), update: kernel('update'), next: kernel('next'), copies: kernel('copies') };
}

/** Workgroups of each. */
export function optimiserGroups({ table, sizes }: OptimiserSpec): Record<OptimiserKernel, number> {
  const blocks = Math.ceil(tableBlocks(table) / sizes.updateThreads);
  return { norm: sizes.normParts, update: blocks, next: 1, copies: blocks };
}

export function optimiserBuffers({ table, losses, sizes }: OptimiserSpec): PlannedBuffer[] {
  const { size, workingBytes, workingFormula } = table;
  const { normParts, lossHistory } = sizes;
  const fixed = (name: string, bytes: number, formula: string): PlannedBuffer => ({
    name,
    bytes,
    role: 'storage' satisfies BufferRole,
    bytesPerItem: 0,
    formula,
  });
  const words = tableWords(table).length;
  return [
    fixed('working', workingBytes, workingFormula),
    fixed(
      'optimiser',
      OPTIMISER_PARTS * size * WORD,
      `${OPTIMISER_PARTS} × ${size} × 4 B (weights, two moments, average)`,
    ),
    fixed('gradient', size * WORD, `${size} × 4 B`),
    fixed('tensors', words * WORD, `${table.tensors.length} tensors × ${words / table.tensors.length} words × 4 B`),
    fixed('parts', normParts * WORD, `${normParts} × 4 B`),
    fixed('losses', losses * WORD, `${losses} × 4 B`),
    fixed('state', STATE_BYTES, '4 words × 4 B'),
    fixed('hyper', HYPER_WORDS * WORD, `${HYPER_WORDS} words × 4 B`),
    fixed('history', lossHistory * WORD, `${lossHistory} steps × 4 B`),
  ];
}
