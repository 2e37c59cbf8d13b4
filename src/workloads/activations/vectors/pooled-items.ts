/** Pooled activations of finished texts that carry a label. */
import { COMPONENTS, type Component } from '../../../nn/transformer/capture.ts';
import type { DatasetItem } from '../../../results/dataset/item.ts';
import type { PooledActivations, PooledPart } from './types.ts';

export interface LabelledItems {
  /** Those that are in `pooled`, in its order. */
  readonly items: readonly DatasetItem[];
  readonly pooled: PooledActivations;
  /** Position and component of what is left out, since a text has no token there. */
  readonly empty: readonly string[];
}

/**
 * Texts without a label are left out, and a position where one of the others has no token.
 * @returns undefined without two texts of each label
 */
export function pooledItems(items: readonly DatasetItem[]): LabelledItems | undefined {
  const labelled = items.filter(({ attributes }) => attributes.label === 'positive' || attributes.label === 'negative');
  const y = Uint8Array.from(labelled, ({ attributes }) => Number(attributes.label === 'positive'));
  const positive = y.reduce((sum, each) => sum + each, 0);
  if (positive < 2 || y.length - positive < 2) return undefined;
  const numbers = new Map<string, number>();
  const question = Uint32Array.from(labelled, ({ attributes }) => {
    const name = String(attributes.question);
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
  const empty: string[] = [];
  const components = COMPONENTS.filter((name) => labelled[0].arrays.some((array) => array.name === name));
  const parts = String(labelled[0].attributes.positions)
    .split(', ')
    .flatMap((position, at) =>
      components.flatMap((component) => {
        const part = partOf(labelled, position, at, component);
        if (!part) empty.push(`${component} at ${position}`);
        return part ?? [];
      }),
    );
  const length = Uint32Array.from(
    labelled,
    ({ attributes }) => Number(attributes.prompt_tokens) + Number(attributes.tokens),
  );
  return { items: labelled, pooled: { n: y.length, y, question, length, parts }, empty };
}

function partOf(
  items: readonly DatasetItem[],
  position: string,
  at: number,
  component: Component,
): PooledPart | undefined {
  const [, entries, width] = items[0].arrays.find(({ name }) => name === component)!.shape;
  const size = entries * width;
  const values = new Float32Array(items.length * size);
  for (const [i, { arrays }] of items.entries()) {
    const own = arrays.find(({ name }) => name === component)!.values.subarray(at * size, (at + 1) * size);
    if (Number.isNaN(own[0])) return undefined;
    values.set(own, i * size);
  }
  return { position, component, entries, width, values };
}
