/** The three jobs that make tables, and what each table is of. */
import type { RunConfig } from '../../../engine/config/run-config.ts';
import { useStore } from '../../../ui/state/store.ts';
import type {
  BatchesWish,
  BatchTable,
  PaddingTable,
  PaddingWish,
  PrecisionTable,
  PrecisionWish,
} from '../jobs/table-types.ts';
import { tableJob } from './going.ts';

export const batches = tableJob<BatchesWish, BatchTable>('batches');
export const padding = tableJob<PaddingWish, PaddingTable>('padding');
export const precisions = tableJob<PrecisionWish, PrecisionTable>('precision');

/** All that these tables hang on: another one tells that the form has changed since. */
export function tableKey(config: RunConfig): string {
  const { files } = useStore.getState();
  const names = Object.values(files).map((file) => file && [file.role, file.name, file.count]);
  return JSON.stringify([config.params, config.seed, config.precision, names]);
}
