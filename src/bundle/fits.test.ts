import { describe, expect, it } from 'vitest';
import { FileError } from './file-error.ts';
import { decodeFits, encodeFits } from './fits.ts';
import { fitsBlockBytes, fitsCard } from './fits-header.ts';
import { axes, concat, emptyPrimary, unit } from './test-support/fits.ts';

const table = unit(
  [
    fitsCard('XTENSION', 'BINTABLE'),
    fitsCard('BITPIX', 8),
    ...axes(10, 2),
    fitsCard('PCOUNT', 5),
    fitsCard('GCOUNT', 1),
  ],
  new Uint8Array(25).fill(65),
);

describe('FITS', () => {
  it('gives back what it encoded, in both precisions, with axes reversed', () => {
    for (const data of [Float32Array.from({ length: 24 }, (_, i) => i - 7.5), Float64Array.of(1 / 3, 2, 3, 4)]) {
      const shape = data.length === 24 ? [2, 3, 4] : [2, 2];
      const array = decodeFits('a.fits', encodeFits(data, shape));
      expect(array.shape).toEqual(shape);
      expect(array.data).toEqual(data);
    }
  });

  it('scales 16-bit integers by BSCALE and BZERO and turns BLANK into NaN', () => {
    const view = new DataView(new ArrayBuffer(8));
    [-32768, 0, 100, -5].forEach((value, i) => {
      view.setInt16(2 * i, value);
    });
    const cards = [fitsCard('SIMPLE', true), fitsCard('BITPIX', 16), ...axes(2, 2)];
    const scaling = [
      'BZERO   =              3.2768D4 / offset'.padEnd(80),
      fitsCard('BSCALE', 2),
      fitsCard('BLANK', -5),
    ];
    const { data } = decodeFits('a.fits', unit([...cards, ...scaling], new Uint8Array(view.buffer)));
    expect([...data]).toEqual([-32768, 32768, 32968, Number.NaN]);
  });

  it('finds the first image extension behind an empty primary unit and a table', () => {
    const view = new DataView(new ArrayBuffer(16));
    [1, -2, 3, -4].forEach((value, i) => {
      view.setInt32(4 * i, value);
    });
    const image = unit(
      [
        fitsCard('XTENSION', 'IMAGE'),
        fitsCard('BITPIX', 32),
        ...axes(2, 2),
        fitsCard('PCOUNT', 0),
        fitsCard('GCOUNT', 1),
      ],
      new Uint8Array(view.buffer),
    );
    expect([...decodeFits('a.fits', concat(emptyPrimary, table, image)).data]).toEqual([1, -2, 3, -4]);
  });

  it('drops trailing axes of length 1', () => {
    const cards = [fitsCard('SIMPLE', true), fitsCard('BITPIX', -32), ...axes(3, 2, 1, 1)];
    expect(decodeFits('a.fits', unit(cards, new Uint8Array(24))).shape).toEqual([2, 3]);
  });

  const whole = encodeFits(new Float32Array(48 * 48), [48, 48]);
  it.each([
    ['wrong magic', new Uint8Array(3000), /not a FITS file/],
    ['truncated data', whole.slice(0, 2880 + 5000), /needs 9216 bytes of data, the file has 5000/],
    ['a file that ends in its header', whole.slice(0, 200), /ends after 200 bytes, inside its header/],
    ['a header without END', concat(whole.slice(0, 80), new Uint8Array(1001 * fitsBlockBytes).fill(32)), /no END card/],
    ['tables only', concat(emptyPrimary, table), /holds no image/],
    [
      'a compressed image',
      concat(
        emptyPrimary,
        unit(
          [fitsCard('XTENSION', 'BINTABLE'), fitsCard('BITPIX', 8), ...axes(1, 1), fitsCard('ZIMAGE', true)],
          new Uint8Array(1),
        ),
      ),
      /tile-compressed/,
    ],
    [
      '64-bit integers',
      unit([fitsCard('SIMPLE', true), fitsCard('BITPIX', 64), ...axes(1, 1)], new Uint8Array(8)),
      /BITPIX 64 is not read/,
    ],
    [
      'a missing axis',
      unit([fitsCard('SIMPLE', true), fitsCard('BITPIX', -32), fitsCard('NAXIS', 2), fitsCard('NAXIS1', 4)]),
      /NAXIS2 is missing/,
    ],
    [
      'a negative PCOUNT',
      concat(
        emptyPrimary,
        unit([fitsCard('XTENSION', 'BINTABLE'), fitsCard('BITPIX', 8), ...axes(1, 1), fitsCard('PCOUNT', -9999)]),
      ),
      /no image/,
    ],
  ])('rejects %s with a FileError', (_, bytes, message) => {
    expect(() => decodeFits('m31.fits', bytes)).toThrow(FileError);
    expect(() => decodeFits('m31.fits', bytes)).toThrow(message);
  });
});
