/** What vectors are fitted to: the pooled activations of finished texts that carry a label. */
import { COMPONENTS, type Component } from '../../../nn/transformer/capture.ts';
import type { DatasetItem } from '../../../results/dataset/item.ts';
import type { PooledArrays, VectorsWish } from '../jobs/vector-types.ts';

export type Pooled = Pick<VectorsWish, 'arrays' | 'y' | 'question' | 'length'>;

/**
 * Arrays of every position and component over labelled texts, in the items' order. Texts without a label are left out, and from a position
 * all texts where one has no token there.
 * @returns undefined without two texts of each label
 */
export function pooledOf(items: readonly DatasetItem[]): Pooled | undefined {
  const labelled = items.filter(({ attributes }) => attributes.label === 'positive' || attributes.label === 'negative');
  const y = Uint8Array.from(labelled, ({ attributes }) => Number(attributes.label === 'positive'));
  const positives = y.reduce((sum, each) => sum + each, 0);
  if (positives < 2 || y.length - positives < 2) return undefined;
  const positions = String(labelled[0].attributes.positions).split(', ');
  const components = COMPONENTS.filter((name) => labelled[0].arrays.some((array) => array.name === name));
  const arrays = positions.flatMap((position, at) =>
    components.flatMap((component) => pooledArray(labelled, position, at, component) ?? []),
  );
  return {
    arrays,
    y,
    question: labelled.map(({ attributes }) => String(attributes.question)),
    length: Uint32Array.from(labelled, ({ attributes }) => Number(attributes.tokens)),
  };
}

function pooledArray(
  items: readonly DatasetItem[],
  position: string,
  at: number,
  component: Component,
): PooledArrays | undefined {
  const first = items[0].arrays.find(({ name }) => name === component)!;
  const [, layers, d] = first.shape;
  const size = layers * d;
  const values = new Float32Array(items.length * size);
  for (const [i, { arrays }] of items.entries()) {
    const own = arrays.find(({ name }) => name === component)!.values.subarray(at * size, (at + 1) * size);
    if (Number.isNaN(own[0])) return undefined;
    values.set(own, i * size);
  }
  return { position, component, layers, d, values };
}
