/**
 * GGUF, the format of llama.cpp: named values and tensors. Written are texts, whole numbers and 32-bit floats; read are all kinds of values,
 * and tensors of 32- and 16-bit floats. Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
import { halfToNumber, valueCount } from './array-data.ts';
import { FileError } from './file-error.ts';
import type { Tensor } from './safetensors.ts';

export type GgufValue = string | number | boolean | readonly GgufValue[];

export interface Gguf {
  readonly values: ReadonlyMap<string, GgufValue>;
  /** The last axis fastest, as everywhere here; the file has axes the other way round. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const MAGIC = 0x46554747; // "GGUF"
const VERSION = 3;
const ALIGNMENT = 32;
const AGAIN = 'Save it again, or copy it again if it was cut short.';
/** A header of more entries is no header: some thousand tensors and some hundred values are usual. */
const MOST_ENTRIES = 1_000_000;
const F32 = 0;
const F16 = 1;
const [U32, TEXT, LIST] = [4, 8, 9];

/** Whether the bytes begin like a GGUF file. */
export function isGguf(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === MAGIC;
}

/** Bytes of a file of version 3; entries in their order. Numbers are written as unsigned ones of 32 bits. @throws RangeError for others */
export function encodeGguf(
  values: ReadonlyMap<string, string | number>,
  tensors: ReadonlyMap<string, Tensor>,
): Uint8Array<ArrayBuffer> {
  const out = new Writer();
  out.u32(MAGIC);
  out.u32(VERSION);
  out.u64(tensors.size);
  out.u64(values.size);
  for (const [key, value] of values) {
    out.text(key);
    if (typeof value === 'string') {
      out.u32(TEXT);
      out.text(value);
    } else {
      if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff)
        throw new RangeError(`${key} is ${value}: whole numbers of 32 bits are written`);
      out.u32(U32);
      out.u32(value);
    }
  }
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    out.text(name);
    out.u32(shape.length);
    for (const size of shape.toReversed()) out.u64(size);
    out.u32(F32);
    out.u64(offset);
    offset = aligned(offset + data.byteLength);
  }
  out.align();
  for (const { data } of tensors.values()) {
    out.floats(data);
    out.align();
  }
  return out.bytes();
}

/** @throws FileError for a file that is cut short or damaged, of another version, or with tensors of other than floats; the tensor is named. */
export function decodeGguf(file: string, bytes: Uint8Array): Gguf {
  const from = new Reader(file, bytes);
  if (!isGguf(bytes)) throw new FileError(file, 'not a GGUF file (it does not begin with GGUF)', AGAIN);
  from.u32();
  const version = from.u32();
  if (version !== 2 && version !== VERSION)
    throw new FileError(file, `version ${version} of GGUF is not read (2 and 3 are)`, 'Save it with a current tool.');
  const [tensorCount, valueCountOf] = [from.count(), from.count()];
  const values = new Map<string, GgufValue>();
  for (let i = 0; i < valueCountOf; i++) {
    const key = from.text();
    values.set(key, from.value(from.u32()));
  }
  const infos = Array.from({ length: tensorCount }, () => {
    const name = from.text();
    const axes = from.u32();
    if (axes > 8) throw new FileError(file, `${name} has ${axes} axes`, AGAIN);
    const shape = Array.from({ length: axes }, () => from.u64()).reverse();
    return { name, shape, type: from.u32(), offset: from.u64() };
  });
  const alignment = values.get('general.alignment') ?? ALIGNMENT;
  if (typeof alignment !== 'number' || !(alignment >= 1)) throw new FileError(file, 'its alignment is damaged', AGAIN);
  const start = Math.ceil(from.at / alignment) * alignment;
  const tensors = new Map<string, Tensor>();
  for (const { name, shape, type, offset } of infos) {
    if (type !== F32 && type !== F16)
      throw new FileError(
        file,
        `${name} is of type ${type}, and only F32 and F16 are read`,
        'Save it as 32-bit floats.',
      );
    const width = type === F32 ? 4 : 2;
    const count = valueCount(shape);
    const begin = start + offset;
    if (count === undefined || begin + count * width > bytes.length)
      throw new FileError(
        file,
        `${name} of shape [${shape.join(', ')}] does not fit into ${bytes.length} bytes`,
        AGAIN,
      );
    const view = new DataView(bytes.buffer, bytes.byteOffset + begin, count * width);
    const data = Float32Array.from({ length: count }, (_, i) =>
      width === 4 ? view.getFloat32(4 * i, true) : halfToNumber(view.getUint16(2 * i, true)),
    );
    tensors.set(name, { shape, data });
  }
  return { values, tensors };
}

const aligned = (offset: number) => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;

class Writer {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  u32(value: number): void {
    this.#add(new Uint8Array(Uint32Array.of(value).buffer));
  }

  u64(value: number): void {
    this.#add(new Uint8Array(BigUint64Array.of(BigInt(value)).buffer));
  }

  text(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.u64(bytes.length);
    this.#add(bytes);
  }

  floats(data: Float32Array): void {
    this.#add(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }

  align(): void {
    this.#add(new Uint8Array(aligned(this.#length) - this.#length));
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  #add(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }
}

class Reader {
  readonly #view: DataView;
  at = 0;

  constructor(
    readonly file: string,
    readonly bytes: Uint8Array,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  u64(): number {
    const value = Number(this.#view.getBigUint64(this.#take(8), true));
    if (!Number.isSafeInteger(value)) throw new FileError(this.file, `it counts ${value} of something`, AGAIN);
    return value;
  }

  count(): number {
    const value = this.u64();
    if (value > MOST_ENTRIES) throw new FileError(this.file, `it says that it has ${value} entries`, AGAIN);
    return value;
  }

  text(): string {
    const length = this.u64();
    return new TextDecoder().decode(this.bytes.subarray(this.#take(length), this.at));
  }

  /** Types by their numbers: integers of 8 to 64 bits, floats, truth values, texts, and lists of one type. */
  value(type: number, depth = 0): GgufValue {
    const plain = PLAIN[type];
    if (plain) return plain.read(this.#view, this.#take(plain.bytes));
    if (type === TEXT) return this.text();
    if (type !== LIST || depth > 2)
      throw new FileError(this.file, `a value is of type ${type}, which GGUF does not have`, AGAIN);
    const inner = this.u32();
    const length = this.count();
    return Array.from({ length }, () => this.value(inner, depth + 1));
  }

  #take(length: number): number {
    const from = this.at;
    if (from + length > this.bytes.length)
      throw new FileError(this.file, `it ends at byte ${this.bytes.length}, in the middle of its header`, AGAIN);
    this.at = from + length;
    return from;
  }
}

interface Plain {
  readonly bytes: number;
  read(view: DataView, at: number): number | boolean;
}

const PLAIN: Readonly<Record<number, Plain>> = {
  0: { bytes: 1, read: (view, at) => view.getUint8(at) },
  1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  2: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  3: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  [U32]: { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  5: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  6: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  7: { bytes: 1, read: (view, at) => view.getUint8(at) !== 0 },
  10: { bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  11: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  12: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
};
