import { describe, expect, it } from 'vitest';
import { FileError } from './file-error.ts';
import { decodeNpy, encodeNpy } from './npy.ts';

/** A version-n file around a header text, as NumPy would write it. */
function npyFile(header: string, data: Uint8Array, version = 1): Uint8Array {
  const prefix = [0x93, ...new TextEncoder().encode('NUMPY'), version, 0];
  const length =
    version === 1 ? [header.length & 255, header.length >> 8] : [header.length & 255, header.length >> 8, 0, 0];
  return Uint8Array.from([...prefix, ...length, ...new TextEncoder().encode(header), ...data]);
}

function header(descr: string, shape: string, fortran = 'False'): string {
  return `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;
}

function bigEndian(values: number[], width: 4 | 8): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * width));
  values.forEach((value, i) => {
    if (width === 4) {
      view.setFloat32(4 * i, value);
    } else {
      view.setFloat64(8 * i, value);
    }
  });
  return new Uint8Array(view.buffer);
}

describe('npy', () => {
  it('gives back what it encoded, in both precisions', () => {
    for (const data of [Float32Array.of(1, -2.5, 3e-20, 4, 5, 6), Float64Array.of(1, 1 / 3, -3, 4, 5e300, 6)]) {
      const array = decodeNpy('a.npy', encodeNpy(data, [1, 2, 3]));
      expect(array.shape).toEqual([1, 2, 3]);
      expect(array.data).toEqual(data);
    }
  });

  it('starts the data at a multiple of 64 bytes, as NumPy does', () => {
    expect((encodeNpy(new Float32Array(3), [3]).length - 12) % 64).toBe(0);
  });

  it('reads big-endian files of versions 1, 2 and 3, at any byte offset', () => {
    for (const version of [1, 2, 3]) {
      const file = npyFile(header('>f4', '(2, 2)'), bigEndian([1, 2, 3, -4.5], 4), version);
      const shifted = new Uint8Array([7, ...file]).subarray(1);
      expect([...decodeNpy('a.npy', shifted).data]).toEqual([1, 2, 3, -4.5]);
    }
    const wide = decodeNpy('a.npy', npyFile(header('>f8', '(2,)'), bigEndian([0.1, -7], 8)));
    expect([...wide.data]).toEqual([0.1, -7]);
  });

  it.each([
    ['wrong magic', new Uint8Array(80), /does not begin with/],
    ['a cut header', encodeNpy(new Float32Array(4), [2, 2]).slice(0, 40), /header needs 128 bytes, the file has 40/],
    ['a cut start', encodeNpy(new Float32Array(4), [2, 2]).slice(0, 9), /truncated/],
    ['truncated data', encodeNpy(new Float32Array(4), [2, 2]).slice(0, -3), /needs 16 bytes of data, the file has 13/],
    ['trailing bytes', npyFile(header('<f4', '(1,)'), new Uint8Array(8)), /4 bytes follow the array/],
    ['wrong dtype', npyFile(header('<i8', '(1,)'), new Uint8Array(8)), /dtype <i8 is not read/],
    ['Fortran order', npyFile(header('<f4', '(1, 1)', 'True'), new Uint8Array(4)), /Fortran order/],
    ['an unknown version', npyFile(header('<f4', '(1,)'), new Uint8Array(4), 9), /version 9 is unknown/],
    ['a huge header', npyFile(' '.repeat(20_000), new Uint8Array(4)), /claims 20000 bytes/],
    ['a structured array', npyFile("{'descr': [('a', '<f4')], 'shape': (1,)}", new Uint8Array(4)), /one plain array/],
    ['an impossible shape', npyFile(header('<f4', '(4000000000, 4000000000)'), new Uint8Array(4)), /impossible shape/],
  ])('rejects %s with a FileError that names the file', (_, bytes, message) => {
    expect(() => decodeNpy('stamps.npy', bytes)).toThrow(FileError);
    expect(() => decodeNpy('stamps.npy', bytes)).toThrow(message);
    expect(() => decodeNpy('stamps.npy', bytes)).toThrow(/^stamps\.npy: /);
  });
});
