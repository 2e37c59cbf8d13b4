import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { HeaderFacts } from '../../bundle/header-facts.ts';
import { type ImageStack, loadImages } from '../../bundle/images.ts';
import { headerWarnings } from './image-header.ts';
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

it("takes no images whose header says another scale or noise than the task's, and warns of other axes", async () => {
  const stack = await loadImages('stamps.npy', new Uint8Array(readFileSync(file)));
  const saying = (header: Partial<HeaderFacts>): ImageStack => ({ ...stack, header: { remarks: [], ...header } });
  const take = (header: Partial<HeaderFacts>) => () =>
    flowItems(shear, params, 1, { files: { images: saying(header) } });
  expect(take({ scale: { value: 0.3, source: 'GS_SCALE' } })).toThrow(
    /its pixel scale is 0\.3 arcsec \(GS_SCALE\), and networks of Shear know images of 0\.1 arcsec alone/,
  );
  expect(take({ noise: { value: 0.2, source: 'SKYSIG' } })).toThrow('its pixel noise is 0.2 (SKYSIG)');
  expect(take({ scale: { value: 0.1, source: 'CDi_j' }, noise: { value: 0.1, source: 'SKYSIG' } })).not.toThrow();
  const orientation = { rotationDeg: 0, flipped: true, stretch: 0, sky: true, source: 'CDi_j' };
  expect(headerWarnings(shear, saying({ orientation }))).toEqual([expect.stringContaining('Shears are in pixel axes')]);
  expect(headerWarnings(shear, saying({}))).toEqual([]);
});
