import { expect, it } from 'vitest';
import { colormap } from './colormap.ts';
import { colouringOf, colourOf, contrast, hex, inkOn, rgbaOf, rgbFromHex, rgbOf } from './colour-scale.ts';

it('centres a diverging scale at zero, whatever the data', () => {
  const colouring = colouringOf({ kind: 'diverging' }, [-0.5, 0.1, 2], false);
  expect([colouring.min, colouring.max]).toEqual([-2, 2]);
  // The middle of 256 colours lies between two of them.
  expect(colourOf(colouring, 0)).toBe(colourOf(colouring, 1e-9));
  const [less, more] = [rgbOf(colouring, -1)!, rgbOf(colouring, 1)!];
  expect(less[2]).toBeGreaterThan(less[0]);
  expect(more[0]).toBeGreaterThan(more[2]);
});

it('has the ends of the data, unless told others, and clamps beyond them', () => {
  const colouring = colouringOf({ kind: 'sequential', min: 0 }, [1, 4, Number.NaN, Number.POSITIVE_INFINITY], false);
  expect([colouring.min, colouring.max]).toEqual([0, 4]);
  expect(colourOf(colouring, 9)).toBe(colourOf(colouring, 4));
});

it('goes by logarithm: equal ratios, equal steps of colour', () => {
  const colouring = colouringOf({ kind: 'sequential', log: true }, [0, 0.01, 100], false);
  expect([colouring.min, colouring.max]).toEqual([0.01, 100]);
  expect(colourOf(colouring, 1)).toBe(hex([...colormap('strength').slice(4 * 128, 4 * 128 + 3)] as never));
  expect(colourOf(colouring, 0)).toBeUndefined();
});

it('leaves values that are no number transparent', () => {
  const rgba = rgbaOf(colouringOf({ kind: 'sequential' }, [0, 1], false), [0, Number.NaN, 1]);
  expect([rgba[3], rgba[7], rgba[11]]).toEqual([255, 0, 255]);
});

it('colours equal values and no values at all', () => {
  expect(colourOf(colouringOf({ kind: 'sequential' }, [3, 3], false), 3)).toBeDefined();
  expect(colourOf(colouringOf({ kind: 'diverging' }, [0, 0], true), 0)).toBeDefined();
  expect(colouringOf({ kind: 'sequential' }, [], false)).toMatchObject({ min: 0, max: 1 });
});

it('writes readably on every colour of every map, light and dark', () => {
  for (const kind of ['sequential', 'diverging'] as const)
    for (const dark of [false, true]) {
      const colouring = colouringOf({ kind }, [-1, 1], dark);
      for (let value = -1; value <= 1; value += 1 / 64) {
        const rgb = rgbOf(colouring, value)!;
        expect(contrast(rgb, rgbFromHex(inkOn(rgb)))).toBeGreaterThan(4.5);
      }
    }
});

it('tells the two sides of a diverging scale apart without hue: both grow away from the middle in brightness', () => {
  for (const dark of [false, true]) {
    const colouring = colouringOf({ kind: 'diverging' }, [-1, 1], dark);
    const middle = rgbOf(colouring, 0)!;
    for (const side of [-1, 1])
      for (const size of [0.25, 0.5, 0.75])
        expect(contrast(rgbOf(colouring, side * (size + 0.25))!, middle)).toBeGreaterThan(
          contrast(rgbOf(colouring, side * size)!, middle),
        );
  }
});
