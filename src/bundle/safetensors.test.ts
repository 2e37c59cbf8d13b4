import { describe, expect, it } from 'vitest';
import { FileError } from './file-error.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';

const tensors = new Map([
  ['a.weight', { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 4, 5, 1e-8) }],
  ['b', { shape: [1], data: Float32Array.of(7) }],
]);
const file = { tensors, metadata: { task: 'two_moons', note: 'naïve “quotes”' } };

/** A file from a header and data. */
function made(header: object | string, data = new Uint8Array(8)): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

describe('safetensors', () => {
  it('come back as they were', () => {
    const read = decodeSafetensors('x', encodeSafetensors(file));
    expect([...read.tensors]).toEqual([...tensors]);
    expect(read.metadata).toEqual(file.metadata);
  });

  it('begin their data at a multiple of eight, as the format asks', () => {
    const bytes = encodeSafetensors(file);
    expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
    expect(bytes.length).toBe(8 + Number(new DataView(bytes.buffer).getBigUint64(0, true)) + 28);
  });

  it('read halves, subnormal and infinite ones too', () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00);
    const header = { h: { dtype: 'F16', shape: [5], data_offsets: [0, 10] } };
    const { tensors: read } = decodeSafetensors('x', made(header, new Uint8Array(bits.buffer)));
    expect([...read.get('h')!.data]).toEqual([1, -2, 2 ** -24, 65_504, Number.POSITIVE_INFINITY]);
  });

  it.each([
    ['a few bytes', new Uint8Array(5), /5 bytes are too few/],
    [
      'a header that is longer than the file',
      encodeSafetensors(file).slice(0, 40),
      /its header says \d+ bytes, of which it has 32/,
    ],
    ['no metadata', made('{"__metadata__":null}'), /its header has null for its metadata/],
    [
      'lengths that a 0 hides',
      made({ a: { dtype: 'F32', shape: [0, 2 ** 53 - 1, 2 ** 53 - 1], data_offsets: [0, 0] } }),
      /a has an impossible shape/,
    ],
    [
      'thousands of tensors over the same bytes',
      made(
        Object.fromEntries(
          Array.from({ length: 4000 }, (_, i) => [
            `t${i}`,
            { dtype: 'F32', shape: [250_000], data_offsets: [0, 1_000_000] },
          ]),
        ),
        new Uint8Array(1_000_000),
      ),
      /t0 and t1 lie over the same bytes/,
    ],
    [
      'a header of megabytes',
      made(`{"a": [${'{},'.repeat(2_000_000)}{}]}`),
      /its header has 6000011 bytes, and at most 4000000 are read/,
    ],
    ['a header nested without end', made(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`), /no JSON object/],
    ['no JSON', made('not json'), /no JSON object/],
    ['data cut short', encodeSafetensors(file).slice(0, -4), /^x: b of shape \[1\] needs 4 bytes, and the file has 0/],
    [
      'another shape than its bytes',
      made({ w: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } }),
      /w of shape \[3\] needs 12 bytes/,
    ],
    ['another type', made({ w: { dtype: 'BF16', shape: [4], data_offsets: [0, 8] } }), /w is BF16/],
    ['a damaged entry', made({ w: { dtype: 'F32', shape: [-1], data_offsets: [0, 8] } }), /entry of w is damaged/],
  ])('are refused with %s', (_, bytes, message) => {
    expect(() => decodeSafetensors('x', bytes)).toThrow(FileError);
    expect(() => decodeSafetensors('x', bytes)).toThrow(message);
  });
});
