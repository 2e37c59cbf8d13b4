/** Which of a file's images are the data, and when that has to be asked. */
import { expect, it } from 'vitest';
import { loadImages } from './images.ts';
import { compressedUnit, concat, emptyPrimary, imageUnit } from './test-support/fits.ts';

const shape = [2, 3];
const of = (value: number, cards = {}, primary = false) =>
  imageUnit(new Float32Array(6).fill(value), shape, cards, primary);
const load = (bytes: Uint8Array<ArrayBuffer>, hdu?: string) => loadImages('m.fits', bytes, 'images', hdu);
/** The first pixel of every image. */
const firsts = async (bytes: Uint8Array<ArrayBuffer>, hdu?: string) => {
  const { n, ny, nx, pixels } = await load(bytes, hdu);
  expect([ny, nx]).toEqual(shape);
  return Array.from({ length: n }, (_, i) => pixels[i * ny * nx]);
};

it('reads equal images one a unit as a stack, as galsim.fits.writeMulti writes them', async () => {
  expect(await firsts(concat(of(1, {}, true), of(2), of(3)))).toEqual([1, 2, 3]);
  expect(await firsts(concat(emptyPrimary, of(1, { EXTNAME: 'GAL_1' }), of(2, { EXTNAME: 'GAL_2' })))).toEqual([1, 2]);
  const sci = (version: number) => ({ EXTNAME: 'SCI', EXTVER: version });
  const chips = concat(emptyPrimary, of(1, sci(1)), of(9, { EXTNAME: 'WHT' }), of(2, sci(2)), of(9, { EXTNAME: 'DQ' }));
  expect(await firsts(chips)).toEqual([1, 2]);
  expect(await firsts(chips, 'sci,2')).toEqual([2]);
});

it('never takes weights, errors, variances or masks for the data', async () => {
  for (const name of ['WHT', 'ERR', 'DQ', 'MASK', 'VAR', 'IVM', 'wht'])
    expect(await firsts(concat(emptyPrimary, of(7, { EXTNAME: name }), of(1, { EXTNAME: 'SCI' })))).toEqual([1]);
  const only = concat(emptyPrimary, of(7, { EXTNAME: 'WHT' }));
  await expect(load(only)).rejects.toThrow('holds no image but WHT (HDU 1, 2 × 3), which by name are weights');
  expect(await firsts(only, 'WHT')).toEqual([7]);
});

it('asks by name and shape where several unlike images may be meant', async () => {
  const two = concat(
    of(1, {}, true),
    of(2, { EXTNAME: 'PSF' }),
    imageUnit(new Float32Array(4), [2, 2], { EXTNAME: 'BKG' }),
  );
  await expect(load(two)).rejects.toThrow(
    'several images that may be meant: HDU 0 (no name, 2 × 3), PSF (HDU 1, 2 × 3), BKG (HDU 2, 2 × 2). Say which with --hdu NAME',
  );
  expect(await firsts(two, '0')).toEqual([1]);
  expect(await firsts(two, 'psf')).toEqual([2]);
  await expect(load(two, 'SCI')).rejects.toThrow('it has no image "SCI"; it holds HDU 0');
  await expect(load(two, '5')).rejects.toThrow('it has no image "5"');
  const cubes = concat(imageUnit(new Float32Array(8), [2, 2, 2], {}, true), imageUnit(new Float32Array(8), [2, 2, 2]));
  await expect(load(cubes)).rejects.toThrow('several images');
});

it('never fits the plain weights behind a compressed image', async () => {
  const weights = [{ EXTNAME: 'WHT' }, {}];
  for (const cards of weights) {
    const file = concat(emptyPrimary, compressedUnit([2, 3], { EXTNAME: 'SCI' }), of(100, cards));
    await expect(load(file)).rejects.toThrow('SCI (HDU 1, 2 × 3) is tile-compressed (RICE_1)');
    await expect(load(file)).rejects.toThrow('funpack');
  }
  const other = concat(emptyPrimary, compressedUnit([2, 3], { EXTNAME: 'WHT' }), of(1, { EXTNAME: 'SCI' }));
  expect(await firsts(other)).toEqual([1]);
});

it('passes over what follows the last unit and is none', async () => {
  expect(await firsts(concat(of(1, {}, true), new Uint8Array(2880).fill(120)))).toEqual([1]);
});

it('passes over a row of numbers beside an image', async () => {
  expect(await firsts(concat(imageUnit([5, 6], [2], {}, true), of(1)))).toEqual([1]);
  await expect(load(concat(imageUnit([5, 6], [2], {}, true)))).rejects.toThrow('shape 2 is neither an image');
});

it('has units only of FITS files', async () => {
  const npy = new TextEncoder().encode('1,2\n');
  await expect(loadImages('a.csv', npy, 'rows', 'SCI')).rejects.toThrow('only FITS files have units');
});

it('says which units may be chosen: where it has to be asked, and where others might be meant', async () => {
  const [red, blue, weights] = [of(1, { EXTNAME: 'RED' }), of(2, { EXTNAME: 'BLUE' }), of(3, { EXTNAME: 'WHT' })];
  const unlike = concat(emptyPrimary, red, blue);
  const both = [
    { value: '1', label: 'RED (HDU 1, 2 × 3)' },
    { value: '2', label: 'BLUE (HDU 2, 2 × 3)' },
  ];
  await expect(load(unlike)).rejects.toMatchObject({ choices: { hdu: both } });
  // Chosen, it may be chosen again.
  expect((await load(unlike, '2')).units).toEqual(both);
  const unasked = [
    { value: '', label: 'RED (HDU 1, 2 × 3)' },
    { value: '2', label: 'WHT (HDU 2, 2 × 3)' },
  ];
  for (const hdu of [undefined, '2'])
    expect((await load(concat(emptyPrimary, red, weights), hdu)).units).toEqual(unasked);
  const stack = (await load(concat(of(1, {}, true), of(2), of(3)))).units;
  expect(stack?.map(({ label }) => label)).toEqual([
    'All 3 alike, as a stack',
    'HDU 0 (no name, 2 × 3)',
    'HDU 1 (no name, 2 × 3)',
    'HDU 2 (no name, 2 × 3)',
  ]);
  expect((await load(concat(of(1, {}, true)))).units).toBeUndefined();
});
