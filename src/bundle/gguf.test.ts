import { describe, expect, it } from 'vitest';
import { FileError } from './file-error.ts';
import { decodeGguf, encodeGguf, isGguf } from './gguf.ts';

const values = new Map<string, string | number>([
  ['general.architecture', 'controlvector'],
  ['controlvector.model_hint', 'naïve'],
  ['controlvector.layer_count', 2],
]);
const tensors = new Map([
  ['direction.1', { shape: [3], data: Float32Array.of(1, -2, 3.5) }],
  ['direction.2', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 1e-8) }],
]);

describe('GGUF', () => {
  it('comes back as it was', () => {
    const bytes = encodeGguf(values, tensors);
    expect(isGguf(bytes)).toBe(true);
    const read = decodeGguf('x', bytes);
    expect([...read.values]).toEqual([...values]);
    expect([...read.tensors]).toEqual([...tensors]);
  });

  it('has its bytes where the format says, by hand', () => {
    const text = (word: string) => [word.length, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(word)];
    const bytes = encodeGguf(new Map([['a', 'bc']]), new Map([['d', { shape: [1], data: Float32Array.of(1) }]]));
    const head = [
      ...[0x47, 0x47, 0x55, 0x46, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
      ...[...text('a'), 8, 0, 0, 0, ...text('bc')],
      ...[...text('d'), 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ];
    expect([...bytes.subarray(0, head.length)]).toEqual(head);
    // 24 + 23 + 33 bytes, the data at the next multiple of 32, and filled up to one.
    expect(bytes.length).toBe(128);
    expect(new DataView(bytes.buffer).getFloat32(96, true)).toBe(1);
  });

  it('is read with values of all types and halves', () => {
    const key = (word: string, type: number, rest: number[]) => [
      ...[word.length, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(word)],
      ...[type, 0, 0, 0, ...rest],
    ];
    const header = [
      ...[0x47, 0x47, 0x55, 0x46, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0],
      ...key('i', 5, [0xff, 0xff, 0xff, 0xff]),
      ...key('t', 7, [1]),
      ...key('f', 6, [0, 0, 0x80, 0x3f]),
      ...key('l', 9, [0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 7, 9]),
      ...[1, 0, 0, 0, 0, 0, 0, 0, 0x78, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ];
    const bytes = new Uint8Array(Math.ceil(header.length / 32) * 32 + 4);
    bytes.set(header);
    bytes.set([0x00, 0x3c, 0x00, 0xc0], bytes.length - 4);
    const read = decodeGguf('x', bytes);
    expect([...read.values]).toEqual([
      ['i', -1],
      ['t', true],
      ['f', 1],
      ['l', [7, 9]],
    ]);
    expect(read.tensors.get('x')).toEqual({ shape: [2], data: Float32Array.of(1, -2) });
  });

  const whole = encodeGguf(values, tensors);
  const changed = (at: number, value: number) => {
    const bytes = whole.slice();
    bytes[at] = value;
    return bytes;
  };
  it.each([
    ['another file', new Uint8Array(40), 'does not begin with GGUF'],
    ['another version', changed(4, 1), 'version 1 of GGUF'],
    ['a header that is cut short', whole.slice(0, 60), 'in the middle of its header'],
    ['data that are cut short', whole.slice(0, whole.length - 32), 'does not fit into'],
    ['entries without end', changed(20, 0xff), 'entries'],
    [
      'a quantized tensor',
      changed(new TextDecoder('latin1').decode(whole).indexOf('direction.1') + 11 + 4 + 8, 8),
      'type 8',
    ],
  ])('is refused: %s', (_, bytes, words) => {
    expect(() => decodeGguf('x.gguf', bytes)).toThrow(FileError);
    expect(() => decodeGguf('x.gguf', bytes)).toThrow(words);
  });

  it('writes whole numbers of 32 bits alone', () => {
    expect(() => encodeGguf(new Map([['a', 0.5]]), new Map())).toThrow('a is 0.5');
  });
});
