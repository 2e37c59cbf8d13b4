import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type ImageStack, loadImages } from '../../bundle/images.ts';
import { flowItems, itemCount } from './items.ts';
import { readFlowParams } from './params.ts';
import { shear } from './tasks/shear.ts';

const params = readFlowParams({ task: 'shear' });
const file = new URL('../../../tests/shear/fixtures/noisy-stamps.npy', import.meta.url);

it("takes a file of stamps as images or as rows of pixels, and sees the task's own summaries", async () => {
  const stack = await loadImages('stamps.npy', new Uint8Array(readFileSync(file)));
  const shaped = (n: number, ny: number, nx: number): ImageStack => ({ ...stack, n, ny, nx });
  for (const images of [stack, shaped(1, 8, 2304), shaped(8, 2304, 1)]) {
    expect(itemCount(shear, params, { files: { images } })).toBe(8);
    const { items, observation } = flowItems(shear, params, 1, { files: { images } });
    expect(items).toHaveLength(8);
    shear.observations.forEach(({ x }, index) => {
      expect(observation(index)).toEqual(x);
    });
  }
  const one = { ...stack, n: 1, pixels: stack.pixels.subarray(0, 2304) };
  expect(itemCount(shear, params, { files: { images: one } })).toBe(1);
  for (const [wrong, shape] of [
    [shaped(8, 32, 32), '8, 32, 32'],
    [shaped(1, 8, 1024), '8, 1024'],
  ] as const)
    expect(() => itemCount(shear, params, { files: { images: wrong } })).toThrow(
      `stamps.npy has shape [${shape}], and Shear takes [n, 48, 48], [n, 2304] or [n, 2304, 1]: 2304 numbers for each of n observations.`,
    );
});
