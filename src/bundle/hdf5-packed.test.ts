import { expect, test } from 'vitest';
import { adler32 } from './adler32.ts';
import { type Dataset, readHdf5 } from './hdf5.ts';
import { type PackedFile, packedHdf5 } from './hdf5-packed.ts';

const TOGETHER = 4096;
/** Three long arrays: numbers that hardly pack, ones that pack into almost nothing, and a last piece that is not full. */
const LENGTH = 10 * TOGETHER + 7;
const noise = Float64Array.from({ length: LENGTH }, (_, i) => Math.sin(i * i));
const steps = Int32Array.from({ length: LENGTH }, (_, i) => Math.floor(i / 1000));
const flags = Int8Array.from({ length: LENGTH }, (_, i) => Number(i % 3 === 0));

const sameBytes = (a: ArrayBufferView, b: ArrayBufferView) =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));

async function written(more: Partial<PackedFile> = {}) {
  let asked = 0;
  const of =
    <T extends typeof noise | typeof steps | typeof flags>(all: T) =>
    (first: number, count: number) => {
      asked++;
      return all.slice(first, first + count) as T;
    };
  const write: PackedFile['write'] = (file, packed) => {
    const group = file.create_group('a', true);
    const each = { length: LENGTH, together: TOGETHER };
    packed(group, { ...each, name: 'noise', dtype: '<d', values: of(noise) });
    packed(group, { ...each, name: 'steps', dtype: '<i', values: of(steps) });
    packed(group, { ...each, name: 'flags', dtype: '<b', values: of(flags) });
    packed(group, { ...each, name: 'none', dtype: '<b' });
  };
  const pieces: Uint8Array[] = [];
  for await (const piece of packedHdf5({ timeMs: 0, write, pieceBytes: 1000, ...more })) pieces.push(piece);
  return { bytes: new Uint8Array(Buffer.concat(pieces)), asked, longest: Math.max(...pieces.map((p) => p.length)) };
}

test('every value lies in its place, whatever packs well or badly, and one that was never written is zero', async () => {
  const { bytes, longest } = await written();
  await readHdf5('x.nc', bytes, (file) => {
    const values = (name: string) => (file.get(`a/${name}`) as Dataset).value as Int8Array;
    for (const [name, array] of Object.entries({ noise, steps, flags }))
      expect(sameBytes(values(name), array), name).toBe(true);
    expect(values('none').every((value) => value === 0)).toBe(true);
  });
  // The others take next to nothing, and what was never written nothing.
  expect(bytes.length).toBeLessThan(noise.byteLength + 20_000);
  expect(longest).toBeLessThan(8 * TOGETHER + 100);
});

test('packed values that are too many to be held are packed again, into the same bytes', async () => {
  const [held, twice] = [await written(), await written({ heldBytes: 100_000 })];
  // Of 33 pieces the ten large ones of the noise; what is small is kept.
  expect([held.asked, twice.asked]).toEqual([33, 33 + 10]);
  expect(sameBytes(twice.bytes, held.bytes)).toBe(true);
});

test('values that are others the second time are found out', async () => {
  let times = 0;
  const values = (_: number, count: number) => Float64Array.from({ length: count }, () => Math.sin(times++));
  const write: PackedFile['write'] = (file, packed) =>
    void packed(file.create_group('a', true), { name: 'x', length: 40_000, together: 20_000, dtype: '<d', values });
  const pieces = packedHdf5({ timeMs: 0, write, pieceBytes: 1000, heldBytes: 0 });
  await expect(async () => {
    for await (const _ of pieces);
  }).rejects.toThrow('packed the same values otherwise');
});

test('Adler-32 is that of RFC 1950', () => {
  expect(adler32(new TextEncoder().encode('Wikipedia'))).toBe(0x11e60398);
  // Long enough for sums that would pass 2³²: of n bytes 255 the low sum is 1 + 255 n, modulo 65,521.
  expect(adler32(new Uint8Array(1_000_000).fill(255)) % 65_536).toBe((1 + 255_000_000) % 65_521);
});
