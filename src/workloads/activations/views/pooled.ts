/** What vectors are fitted to: the pooled activations of finished texts that carry a label. */
import type { DatasetItem } from '../../../results/dataset/item.ts';
import type { VectorsWish } from '../jobs/vector-types.ts';
import { pooledItems } from '../vectors/pooled-items.ts';

export type Pooled = Pick<VectorsWish, 'arrays' | 'y' | 'question' | 'length'>;

/** As `pooledItems`, in the words of the job. @returns undefined without two texts of each label */
export function pooledOf(all: readonly DatasetItem[]): Pooled | undefined {
  const found = pooledItems(all);
  if (!found) return undefined;
  const { items, pooled } = found;
  return {
    arrays: pooled.parts.map(({ position, component, entries, width, values }) => ({
      ...{ position, component, values },
      layers: entries,
      d: width,
    })),
    y: pooled.y,
    question: items.map(({ attributes }) => String(attributes.question)),
    length: pooled.length,
  };
}
