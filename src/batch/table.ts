/**
 * The one table of every chunk, batch, tile and buffer-piece size in the program. Nothing else in `src` or `shaders` fixes one
 * (`one-table.test.ts` looks); code asks for a size by its key. A new experiment adds its entries here.
 */
import type { MemoryClass } from './memory-class.ts';

/**
 * What a size may change.
 * - `chunk`: memory and speed only; the answer is equal to the bit.
 * - `tile`: speed, and the order in which a kernel sums; the last digits may move, so it is recorded with the result.
 * - `ring`: how much is under way at once; memory and speed only.
 * - `piece`: how much of a file lies in the CPU's memory at once; speed only.
 * - `statistical`: the estimator itself; never changed without being asked.
 */
export type SizeKind = 'chunk' | 'tile' | 'ring' | 'piece' | 'statistical';

export interface BatchEntry {
  readonly key: string;
  readonly label: string;
  /** Part of the program it belongs to. */
  readonly group: string;
  readonly kind: SizeKind;
  /** What is counted: "items", "threads", "bytes" … */
  readonly unit: string;
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  /** True where a kernel halves it in a tree. */
  readonly powerOfTwo?: boolean;
  /** What it changes, in words. */
  readonly changes: string;
  /** What memory it takes, in words. The bytes follow from the plan: what the whole takes less what it takes at the minimum. */
  readonly memory: string;
  /** Where that memory is. */
  readonly where: 'gpu' | 'cpu';
  /** Values by memory class, where they differ from the default. */
  readonly presets?: Readonly<Partial<Record<MemoryClass, number>>>;
  /** Key of the entry whose items this one is measured inside of, e.g. the tile of a metric inside the metric's own batch. */
  readonly inside?: string;
}

const KIB = 1024;
const MIB = 1024 ** 2;

export const batchTable = [
  {
    key: 'shear.chunk',
    label: 'Posteriors in a chunk',
    group: 'Shear',
    kind: 'chunk',
    unit: 'posteriors',
    default: 2048,
    minimum: 1,
    maximum: 65_536,
    changes:
      'How many posteriors advance in lock-step as one job. What “auto” stops at unless the tuner has measured this adapter; the batch size in the form goes before it.',
    memory: 'Stamps, chains and draws of every posterior in the chunk.',
    where: 'gpu',
    // ×1, ×½, ×¼, ×⅛ of the largest class. On software adapters 64 was the knee (bench/NOTES.md); the CPU works one by one anyway.
    presets: { '40GB': 1024, '24GB': 512, '16GB': 256, '8GB': 128, integrated: 64, software: 64, cpu: 4 },
  },
  {
    key: 'shear.threadsPerChain',
    label: 'Threads per chain',
    group: 'Shear',
    kind: 'tile',
    unit: 'threads',
    default: 32,
    minimum: 1,
    maximum: 256,
    powerOfTwo: true,
    changes:
      'How many threads share the pixels of a chain. Fewer are taken where a workgroup has no room for all chains, more where the driver bounds loops. Sums are taken in another order: the last digits move.',
    memory: 'None: registers and workgroup memory only.',
    where: 'gpu',
    // A thread's own loop is cheaper than barriers where the CPU plays the GPU (bench/NOTES.md).
    presets: { software: 1, cpu: 1 },
  },
  {
    key: 'shear.chainsPerWorkgroup',
    label: 'Chains per workgroup',
    group: 'Shear',
    kind: 'tile',
    unit: 'chains',
    default: 8,
    minimum: 1,
    maximum: 256,
    changes:
      'Chains side by side in a workgroup where each has one thread: the width of the CPU’s SIMD unit. No sum crosses chains, so the answer stays.',
    memory: 'None.',
    where: 'gpu',
  },
  {
    key: 'shear.fitThreads',
    label: 'Threads per fit workgroup',
    group: 'Shear',
    kind: 'tile',
    unit: 'threads',
    default: 64,
    minimum: 1,
    maximum: 256,
    powerOfTwo: true,
    changes: 'Threads of a workgroup of the fit, shared by as many posteriors as have room. The answer stays.',
    memory: 'None.',
    where: 'gpu',
  },
  {
    key: 'shear.metricThreads',
    label: 'Threads per metric workgroup',
    group: 'Shear',
    kind: 'tile',
    unit: 'threads',
    default: 64,
    minimum: 1,
    maximum: 256,
    changes: 'Posteriors whose metric is factored side by side, one a thread. The answer stays.',
    memory: 'None.',
    where: 'gpu',
  },
  {
    key: 'shear.transitionsPerDispatch',
    label: 'Transitions per dispatch',
    group: 'Shear',
    kind: 'tile',
    unit: 'transitions',
    default: 4096,
    minimum: 1,
    maximum: 65_536,
    changes:
      'Most transitions of a chain in one dispatch. Fewer are taken where a driver ends long loops, and as many as fit the time of a submit. The answer stays.',
    memory: 'None.',
    where: 'gpu',
  },
  {
    key: 'shear.stagingBytes',
    label: 'Staging for results',
    group: 'Shear',
    kind: 'piece',
    unit: 'bytes',
    default: 8 * MIB,
    minimum: 4,
    maximum: 1024 * MIB,
    changes:
      'Results leave the GPU in pieces of at most this size, in whole posteriors; less than one posterior takes is raised to one.',
    memory:
      'One buffer of this size, or of the chunk’s draws where those are smaller: a part of what the chunk takes, too.',
    where: 'gpu',
  },
  {
    key: 'shear.peekSlots',
    label: 'Looks under way',
    group: 'Shear',
    kind: 'ring',
    unit: 'slots',
    default: 2,
    minimum: 1,
    maximum: 16,
    changes: 'Looks at a running chain that may be on their way at once; with all taken a look is skipped.',
    memory: 'A model image and the records of one posterior each.',
    where: 'gpu',
  },
  {
    key: 'flow.chunk',
    label: 'Observations in a chunk',
    group: 'Flow',
    kind: 'chunk',
    unit: 'observations',
    default: 512,
    minimum: 1,
    maximum: 65_536,
    changes:
      'How many observations are sampled together. What “auto” stops at unless the tuner has measured this adapter; the batch size in the form goes before it.',
    memory: 'The positions of all samples of every observation in the chunk.',
    where: 'gpu',
    presets: { '40GB': 256, '24GB': 128, '16GB': 64, '8GB': 32, integrated: 16, software: 16, cpu: 4 },
  },
  {
    key: 'flow.tileGroups',
    label: 'Sample groups a workgroup',
    group: 'Flow',
    kind: 'tile',
    unit: 'groups of four samples',
    default: 8,
    minimum: 1,
    maximum: 64,
    powerOfTwo: true,
    changes:
      'How many samples share a workgroup and with it each weight that is read. Half as many are taken until their activations fit workgroup memory. The answer stays.',
    memory: 'None: workgroup memory only.',
    where: 'gpu',
  },
  {
    key: 'flow.cpuRows',
    label: 'Samples a call on the CPU',
    group: 'Flow',
    kind: 'tile',
    unit: 'samples',
    // From 16 to 256 the time for a sample changed by a quarter and was least from here on (bench/NOTES.md).
    default: 128,
    minimum: 16,
    maximum: 4096,
    powerOfTwo: true,
    changes: 'How many samples a call of the network evaluates at most where there is no GPU. The answer stays.',
    memory: 'Activations of two layers for each sample.',
    where: 'cpu',
  },
  {
    key: 'flow.trainingBatch',
    label: 'Training batch',
    group: 'Flow',
    kind: 'statistical',
    unit: 'samples',
    default: 256,
    minimum: 64,
    maximum: 65_536,
    powerOfTwo: true,
    changes: 'Simulations whose mean gradient is one step of the optimiser: another batch trains another network.',
    memory: 'Inputs, activations and slopes of every layer for each sample.',
    where: 'gpu',
  },
  {
    key: 'flow.trainingTileGroups',
    label: 'Sample groups a training workgroup',
    group: 'Flow',
    kind: 'tile',
    unit: 'groups of four samples',
    default: 8,
    minimum: 1,
    maximum: 64,
    powerOfTwo: true,
    changes:
      'How many samples of the training batch share a workgroup. Half as many are taken until their activations fit workgroup memory. The weights stay.',
    memory: 'None: workgroup memory only.',
    where: 'gpu',
    inside: 'flow.trainingBatch',
  },
  {
    key: 'flow.gradientEdge',
    label: 'Edge of a gradient block',
    group: 'Flow',
    kind: 'tile',
    unit: 'rows and columns',
    default: 4,
    minimum: 4,
    maximum: 16,
    powerOfTwo: true,
    changes:
      'Rows and columns of a weight matrix whose gradients a thread sums. Large blocks read less for every product, small ones make more threads. The weights stay.',
    memory: 'None: registers only.',
    where: 'gpu',
    // Reading is what costs there (bench/NOTES.md).
    presets: { software: 16 },
  },
  {
    key: 'flow.gradientThreads',
    label: 'Threads a gradient workgroup',
    group: 'Flow',
    kind: 'tile',
    unit: 'threads',
    default: 64,
    minimum: 1,
    maximum: 256,
    changes: 'Threads of a workgroup that sums gradients of the weights, one block each. The weights stay.',
    memory: 'None: registers only.',
    where: 'gpu',
    // A vector register's worth, or the few blocks there are stay on one core.
    presets: { software: 8 },
  },
  {
    key: 'flow.normParts',
    label: 'Parts of the gradient’s length',
    group: 'Flow',
    kind: 'tile',
    unit: 'parts',
    default: 64,
    minimum: 1,
    maximum: 1024,
    changes:
      'Stretches of the gradient whose squares are summed at once, for clipping. Sums are taken in another order: the last digits of the weights may move.',
    memory: 'One number a part.',
    where: 'gpu',
  },
  {
    key: 'flow.updateThreads',
    label: 'Threads an optimiser workgroup',
    group: 'Flow',
    kind: 'tile',
    unit: 'threads',
    default: 64,
    minimum: 1,
    maximum: 256,
    changes: 'Threads of a workgroup of the optimiser, a block of 4 × 4 weights each. The weights stay.',
    memory: 'None.',
    where: 'gpu',
  },
  {
    key: 'flow.lossHistory',
    label: 'Losses remembered',
    group: 'Flow',
    kind: 'ring',
    unit: 'steps',
    default: 1024,
    minimum: 4,
    maximum: 65_536,
    changes: 'Training steps whose loss the device keeps until it is read; older ones are missing from the curve.',
    memory: 'One number a step.',
    where: 'gpu',
  },
  {
    key: 'flow.trainingLookGroups',
    label: 'Particles in a look at a training',
    group: 'Flow',
    kind: 'piece',
    unit: 'groups of four samples',
    default: 128,
    minimum: 1,
    maximum: 65_536,
    changes: 'Samples of one observation that are drawn every few seconds by the network so far.',
    memory: 'Their positions, and a second copy of the weights while they are drawn.',
    where: 'gpu',
  },
  {
    key: 'flow.stagingBytes',
    label: 'Staging for samples',
    group: 'Flow',
    kind: 'piece',
    unit: 'bytes',
    default: 8 * MIB,
    minimum: 1024,
    maximum: 1024 * MIB,
    changes: 'Samples leave the GPU in pieces of at most this size, in whole groups.',
    memory: 'One buffer of this size, or of the chunk’s samples where those are smaller.',
    where: 'gpu',
  },
  {
    key: 'flow.peekGroups',
    label: 'Particles in a look',
    group: 'Flow',
    kind: 'piece',
    unit: 'groups of four samples',
    default: 512,
    minimum: 1,
    maximum: 65_536,
    changes: 'Most particles of an observation that the live view is shown.',
    memory: 'Their positions, once for each look under way.',
    where: 'gpu',
  },
  {
    key: 'flow.peekSlots',
    label: 'Looks under way',
    group: 'Flow',
    kind: 'ring',
    unit: 'slots',
    default: 2,
    minimum: 1,
    maximum: 16,
    changes: 'Looks at moving particles that may be on their way at once; with all taken a look is skipped.',
    memory: 'The positions of one look each.',
    where: 'gpu',
  },
  {
    key: 'c2st.batch',
    label: 'Batch of the classifier test',
    group: 'Statistics',
    kind: 'statistical',
    unit: 'points',
    default: 200,
    minimum: 1,
    maximum: 65_536,
    changes:
      'Points of one step of the classifier’s training: scikit-learn’s 200, as sbibm defines C2ST. Another number is another measure.',
    memory: 'Activations of the classifier for each point.',
    where: 'cpu',
  },
  {
    key: 'gpu.submitsInFlight',
    label: 'Submits in flight',
    group: 'Device',
    kind: 'ring',
    unit: 'submits',
    default: 2,
    minimum: 1,
    maximum: 8,
    changes: 'Submits that the device holds at once: with two it starts the next while the host hears of the last.',
    memory: 'Timestamps of one submit more than this: 272 bytes each.',
    where: 'gpu',
  },
  {
    key: 'bundle.exportBytes',
    label: 'Piece of an export',
    group: 'Files',
    kind: 'piece',
    unit: 'bytes',
    default: 8 * MIB,
    minimum: 64 * KIB,
    maximum: 1024 * MIB,
    changes: 'The archive is handed to the browser, which may keep it on disk, whenever this much is ready.',
    memory: 'This much at a time.',
    where: 'cpu',
  },
  {
    key: 'bundle.drawsBytes',
    label: 'Piece of draws written',
    group: 'Files',
    kind: 'piece',
    unit: 'bytes',
    default: MIB,
    minimum: 64 * KIB,
    maximum: 1024 * MIB,
    changes: 'posterior_all.nc is written in pieces of about this size.',
    memory: 'This much at a time.',
    where: 'cpu',
  },
  {
    key: 'bundle.readBytes',
    label: 'Piece of a bundle read',
    group: 'Files',
    kind: 'piece',
    unit: 'bytes',
    default: MIB,
    minimum: 64 * KIB,
    maximum: 1024 * MIB,
    changes: 'Bundles are read and verified in slices of this size.',
    memory: 'This much at a time.',
    where: 'cpu',
  },
  {
    key: 'bundle.inflateBytes',
    label: 'Piece of a bundle unpacked',
    group: 'Files',
    kind: 'piece',
    unit: 'bytes',
    default: 64 * KIB,
    minimum: 4 * KIB,
    maximum: 64 * MIB,
    changes:
      'Packed files of a bundle are inflated in pieces of this size, so that a file that grows too much is noticed early.',
    memory: 'This much packed, and what it inflates to.',
    where: 'cpu',
    inside: 'bundle.readBytes',
  },
] as const satisfies readonly BatchEntry[];

export type SizeKey = (typeof batchTable)[number]['key'];
