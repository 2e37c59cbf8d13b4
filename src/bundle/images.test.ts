import { describe, expect, it } from 'vitest';
import { FileError } from './file-error.ts';
import { encodeFits } from './fits.ts';
import { loadImages } from './images.ts';
import { encodeNpy } from './npy.ts';

const withValue = (value: number, at: number) => Float32Array.from({ length: 24 }, (_, i) => (i >= at ? value : i));

describe('loadImages', () => {
  it('reads the same stack from .npy and from FITS', async () => {
    const data = Float64Array.from({ length: 24 }, (_, i) => i / 3);
    const npy = await loadImages('a.npy', encodeNpy(data, [2, 3, 4]));
    const fits = await loadImages('a.fits', encodeFits(data, [2, 3, 4]));
    expect([npy.n, npy.ny, npy.nx]).toEqual([2, 3, 4]);
    expect(fits).toMatchObject({ n: 2, ny: 3, nx: 4 });
    expect(fits.pixels).toEqual(npy.pixels);
    expect(npy.pixels[1]).toBe(Math.fround(1 / 3));
  });

  it('takes a single image as a stack of one', async () => {
    expect(await loadImages('a.npy', encodeNpy(new Float32Array(6), [2, 3]))).toMatchObject({ n: 1, ny: 2, nx: 3 });
  });

  it('gives the SHA-256 of the file, by the standard test vector for "abc"', async () => {
    const { sha256Of } = await import('./sha256.ts');
    const expected = 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(await sha256Of(new TextEncoder().encode('abc'))).toBe(expected);
  });

  it.each([
    ['an empty file', new Uint8Array(), /the file is empty/],
    ['a text file', new TextEncoder().encode('hello, galaxy'), /neither a NumPy array nor a FITS image/],
    ['a gzip file', Uint8Array.of(0x1f, 0x8b, 8, 0), /compressed with gzip/],
    ['an .npz archive', Uint8Array.of(0x50, 0x4b, 3, 4), /zip archive/],
    ['one axis', encodeNpy(new Float32Array(4), [4]), /shape 4 is neither/],
    ['four axes', encodeNpy(new Float32Array(16), [2, 2, 2, 2]), /shape 2 × 2 × 2 × 2 is neither/],
    ['no pixels', encodeNpy(new Float32Array(0), [0, 4, 4]), /holds no pixels/],
    ['NaN pixels', encodeNpy(withValue(Number.NaN, 17), [2, 3, 4]), /7 of 24 pixels.*image 1, row 1, column 1.*NaN/],
    [
      'infinite pixels',
      encodeFits(withValue(Number.POSITIVE_INFINITY, 23), [2, 3, 4]),
      /1 of 24 pixels.*row 2, column 3.*Infinity/,
    ],
    ['values beyond 32-bit floats', encodeNpy(Float64Array.of(1, 1e300), [1, 2]), /1 of 2 pixels/],
  ])('rejects %s', async (_, bytes, message) => {
    await expect(loadImages('stamps', bytes)).rejects.toThrow(FileError);
    await expect(loadImages('stamps', bytes)).rejects.toThrow(message);
  });

  it.each([
    [
      'a text file',
      new TextEncoder().encode('1 2 3'),
      /neither a NumPy array nor a table.*shape n × numbers, or a \.csv/,
    ],
    ['one axis', encodeNpy(new Float32Array(4), [4]), /shape 4 does not say which numbers.*one row an observation/],
    ['no rows', encodeNpy(new Float32Array(0), [0, 4]), /holds no values \(shape 0 × 4\).*one observation/],
    [
      'NaN',
      encodeNpy(withValue(Number.NaN, 17), [8, 3]),
      /7 of 24 values.*observation 5, number 2, counted from 0, NaN/,
    ],
    ['NaN in stamps', encodeNpy(withValue(Number.NaN, 17), [2, 3, 4]), /the first: observation 1, number 5, counted/],
  ])('speaks of observations and numbers where rows are taken: %s', async (_, bytes, message) => {
    const refused = await loadImages('mine.npy', bytes, 'rows').catch((error: FileError) => error);
    expect(refused).toBeInstanceOf(FileError);
    expect((refused as FileError).message).toMatch(message);
    expect((refused as FileError).message).not.toMatch(/image|pixel|mask|stack|fits/i);
  });
});
