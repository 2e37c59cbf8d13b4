/**
 * The one table of every chunk, batch, tile and buffer-piece size in the program. Nothing else in `src` or `shaders` fixes one
 * (`one-table.test.ts` looks); code asks for a size by its key. Each experiment brings its entries in a `sizes.ts` of its own.
 */
import { activationsSizes } from '../workloads/activations/sizes.ts';
import { analysisSizes } from '../workloads/analysis/sizes.ts';
import { bananaSizes } from '../workloads/banana/sizes.ts';
import { cellsSizes } from '../workloads/cells/sizes.ts';
import { flowSizes } from '../workloads/flow/sizes.ts';
import { shearSizes } from '../workloads/shear/sizes.ts';
import { tallySizes } from '../workloads/tally/sizes.ts';
import { type BatchEntry, KIB, MIB } from './entry.ts';

const sharedSizes = [
  {
    key: 'c2st.batch',
    group: 'Statistics',
    kind: 'statistical',
    unit: 'points',
    default: 200,
    minimum: 1,
    maximum: 65_536,
    where: 'cpu',
    results: 'posterior',
  },
  {
    key: 'gpu.submitsInFlight',
    group: 'Device',
    kind: 'ring',
    unit: 'submits',
    default: 2,
    minimum: 1,
    maximum: 8,
    where: 'gpu',
  },
  {
    key: 'bundle.exportBytes',
    group: 'Files',
    kind: 'piece',
    unit: 'bytes',
    default: 8 * MIB,
    minimum: 64 * KIB,
    maximum: 1024 * MIB,
    where: 'cpu',
  },
  {
    key: 'bundle.drawsBytes',
    group: 'Files',
    kind: 'piece',
    unit: 'bytes',
    default: MIB,
    minimum: 64 * KIB,
    maximum: 1024 * MIB,
    where: 'cpu',
    results: 'posterior',
  },
  {
    key: 'bundle.readBytes',
    group: 'Files',
    kind: 'piece',
    unit: 'bytes',
    default: MIB,
    minimum: 64 * KIB,
    maximum: 1024 * MIB,
    where: 'cpu',
  },
  {
    key: 'bundle.inflateBytes',
    group: 'Files',
    kind: 'piece',
    unit: 'bytes',
    default: 64 * KIB,
    minimum: 4 * KIB,
    maximum: 64 * MIB,
    where: 'cpu',
    inside: 'bundle.readBytes',
  },
] as const satisfies readonly BatchEntry[];

export const batchTable = [
  ...shearSizes,
  ...flowSizes,
  ...cellsSizes,
  ...activationsSizes,
  ...analysisSizes,
  ...bananaSizes,
  ...tallySizes,
  ...sharedSizes,
] as const satisfies readonly BatchEntry[];

export type SizeKey = (typeof batchTable)[number]['key'];
