/**
 * The one table of every chunk, batch, tile and buffer-piece size in the program. Nothing else in `src` or `shaders` fixes one
 * (`one-table.test.ts` looks); code asks for a size by its key. Each experiment brings its entries in a `sizes.ts` of its own.
 */
import { activationsSizes } from '../workloads/activations/sizes.ts';
import { bananaSizes } from '../workloads/banana/sizes.ts';
import { cellsSizes } from '../workloads/cells/sizes.ts';
import { flowSizes } from '../workloads/flow/sizes.ts';
import { shearSizes } from '../workloads/shear/sizes.ts';
import { tallySizes } from '../workloads/tally/sizes.ts';
import { type BatchEntry, KIB, MIB } from './entry.ts';

const sharedSizes = [
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
    results: 'posterior',
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
    changes: 'posterior_all.nc, but what is packed in it, is written in pieces of this size.',
    memory: 'This much at a time.',
    where: 'cpu',
    results: 'posterior',
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

export const batchTable = [
  ...shearSizes,
  ...flowSizes,
  ...cellsSizes,
  ...activationsSizes,
  ...bananaSizes,
  ...tallySizes,
  ...sharedSizes,
] as const satisfies readonly BatchEntry[];

export type SizeKey = (typeof batchTable)[number]['key'];
