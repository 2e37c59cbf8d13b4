import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileError } from './file-error.ts';
import { runPython } from './fixtures/tools.ts';
import { loadImages } from './images.ts';
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

  describe('as NumPy writes it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-npy-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    const script = join(folder, 'write.py');
    // a[i, j, k] = 100 i + 10 j + k, as far as the type holds it.
    writeFileSync(
      script,
      `import numpy as np, sys
a = np.add.outer(np.add.outer(100 * np.arange(2), 10 * np.arange(3)), np.arange(4)) % 128
for kind in sys.argv[2].split():
    for order in "CF":
        np.save(f"{sys.argv[1]}/{kind[1:]}{'big' if kind[0] == '>' else ''}{order}.npy", np.array(a, kind, order=order))
np.savez(f"{sys.argv[1]}/one.npz", stamps=a.astype("f4"))
np.savez_compressed(f"{sys.argv[1]}/packed.npz", stamps=a.astype("f4"))
np.savez(f"{sys.argv[1]}/two.npz", stamps=a, psf=a)
`,
    );
    const kinds = [
      '<f2',
      '>f2',
      '<f4',
      '>f4',
      '<f8',
      '>f8',
      '|i1',
      '|u1',
      '<i2',
      '>i2',
      '<u2',
      '<i4',
      '>i4',
      '<u4',
      '<i8',
      '>i8',
      '<u8',
    ];
    beforeAll(() => void runPython(script, folder, kinds.join(' ')));
    const expected = Array.from(
      { length: 24 },
      (_, at) => (100 * Math.floor(at / 12) + 10 * (Math.floor(at / 4) % 3) + (at % 4)) % 128,
    );
    const open = (name: string) => new Uint8Array(readFileSync(join(folder, name)));

    it.each(kinds)('%s, rows and columns first', (kind) => {
      for (const order of ['C', 'F']) {
        const { shape, data } = decodeNpy('a.npy', open(`${kind.slice(1)}${kind[0] === '>' ? 'big' : ''}${order}.npy`));
        expect(shape).toEqual([2, 3, 4]);
        expect([...data]).toEqual(expected);
      }
    });

    it('keeps halves, infinities and signs of float16, and the largest integers', () => {
      const halves = Uint16Array.of(0x3800, 0x8001, 0x7c00, 0xc500);
      const read = decodeNpy('h.npy', npyFile(header('<f2', '(4,)'), new Uint8Array(halves.buffer)));
      expect([...read.data]).toEqual([0.5, -(2 ** -24), Number.POSITIVE_INFINITY, -5]);
      const big = new Uint8Array(BigInt64Array.of(-(2n ** 53n), 2n ** 40n + 1n).buffer);
      expect([...decodeNpy('i.npy', npyFile(header('<i8', '(2,)'), big)).data]).toEqual([-(2 ** 53), 2 ** 40 + 1]);
    });

    it('one array in an archive, packed or not; several are refused by name', async () => {
      for (const name of ['one.npz', 'packed.npz']) {
        const read = await loadImages(name, open(name));
        expect(read).toMatchObject({ n: 2, ny: 3, nx: 4, told: ['the array stamps of the archive'] });
        expect([...read.pixels]).toEqual(expected);
      }
      await expect(loadImages('two.npz', open('two.npz'))).rejects.toThrow(
        'two.npz: the file is a zip archive (an .npz perhaps): it holds 2 arrays (stamps, psf). Save one array',
      );
    });
  });

  it('takes either quotes around the words of a header', () => {
    const text = '{"descr": "<f4", "fortran_order": False, "shape": (1, 1)}\n';
    expect(decodeNpy('q.npy', npyFile(text, new Uint8Array(4))).shape).toEqual([1, 1]);
  });

  it.each([
    ['wrong magic', new Uint8Array(80), /does not begin with/],
    ['a cut header', encodeNpy(new Float32Array(4), [2, 2]).slice(0, 40), /header needs 128 bytes, the file has 40/],
    ['a cut start', encodeNpy(new Float32Array(4), [2, 2]).slice(0, 9), /truncated/],
    ['truncated data', encodeNpy(new Float32Array(4), [2, 2]).slice(0, -3), /needs 16 bytes of data, the file has 13/],
    ['trailing bytes', npyFile(header('<f4', '(1,)'), new Uint8Array(8)), /4 bytes follow the array/],
    ['wrong dtype', npyFile(header('<c8', '(1,)'), new Uint8Array(8)), /dtype <c8 is not read/],
    ['a key twice', npyFile(header('<f4', "(1,), 'descr': '>f4'"), new Uint8Array(4)), /one plain array/],
    ['an empty length', npyFile(header('<f4', '(2,,3)'), new Uint8Array(24)), /one plain array/],
    ['a number for a shape', npyFile(header('<f4', '(1)'), new Uint8Array(4)), /one plain array/],
    ['an unknown key', npyFile(header('<f4', "(1,), 'more': '1'"), new Uint8Array(4)), /one plain array/],
    ['too many axes', npyFile(header('<f4', `(${'1,'.repeat(65)})`), new Uint8Array(4)), /one plain array/],
    [
      'lengths that a 0 hides',
      npyFile(header('<f4', '(0, 9007199254740991, 4)'), new Uint8Array()),
      /impossible shape/,
    ],
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
