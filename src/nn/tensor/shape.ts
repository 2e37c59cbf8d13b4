/** How the tensor kernels share their work among threads: chosen by the adapter, recorded where bits hang on it. */
import type { BatchSizes } from '../../batch/sizes.ts';
import type { AdapterReport } from '../../gpu/report.ts';

/**
 * - `quads`: software adapters whose subgroups are four lanes (SwiftShader): lanes load weights and keys together;
 * - `lanes`: other software adapters: a thread has a block of its own, no barriers;
 * - `tiles`: GPUs: a workgroup loads tiles together.
 */
export type TensorForm = 'quads' | 'lanes' | 'tiles';

export interface TensorShape {
  readonly form: TensorForm;
  /** Threads of a workgroup that share nothing but their instructions. */
  readonly threads: number;
  /** Block of a thread in a matrix product: rows, and columns in fours. */
  readonly blockRows: number;
  readonly block4: number;
  /** Tiles: threads below and beside each other, and inputs in fours at a time. */
  readonly rowLanes: number;
  readonly columnLanes: number;
  readonly tileInner4: number;
  /** Queries of a thread, and threads of a workgroup of attention; tiles: keys in workgroup memory. */
  readonly queries: number;
  readonly attentionThreads: number;
  readonly tileKeys: number;
  /** Threads that share a row in a norm. */
  readonly normLanes: number;
}

const QUAD = 4;

/** The form of an adapter's kernels. Measurements may take another; `quads` needs subgroups of four lanes. */
export function tensorForm({ software, features, subgroupSize }: AdapterReport): TensorForm {
  if (!software) return 'tiles';
  return features.includes('subgroups') && subgroupSize === QUAD ? 'quads' : 'lanes';
}

export function tensorShape(form: TensorForm, sizes: BatchSizes): TensorShape {
  const tiles = form === 'tiles';
  return {
    form,
    threads: tiles ? sizes['cells.rowThreads'] : sizes['cells.softwareThreads'],
    blockRows: sizes[form === 'quads' ? 'cells.quadRows' : tiles ? 'cells.tileBlockRows' : 'cells.laneRows'],
    block4: sizes[form === 'quads' ? 'cells.quadColumns' : tiles ? 'cells.tileBlockColumns' : 'cells.laneColumns'] / 4,
    rowLanes: sizes['cells.tileRowThreads'],
    columnLanes: sizes['cells.tileColumnThreads'],
    tileInner4: sizes['cells.tileInner'] / 4,
    queries: tiles ? 1 : sizes[form === 'quads' ? 'cells.quadQueries' : 'cells.laneQueries'],
    attentionThreads: tiles ? sizes['cells.attentionThreads'] : sizes['cells.softwareThreads'],
    tileKeys: sizes['cells.attentionKeys'],
    normLanes: tiles ? sizes['cells.normThreads'] : 1,
  };
}

/** What bits hang on: how sums are ordered, never how much is done at once. */
export const tensorRecord = ({ form, normLanes }: TensorShape) => ({ form, normThreads: normLanes });
