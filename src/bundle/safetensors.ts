/**
 * safetensors: named tensors with a JSON header. Written are 32-bit floats, and halves; read are 32- and 16-bit ones.
 * Format: https://huggingface.co/docs/safetensors/index#format
 */
import { halfToNumber, valueCount } from './array-data.ts';
import { FileError } from './file-error.ts';
import { parseJson } from './json-text.ts';

export interface Tensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Float32Array<ArrayBuffer>;
}

export interface Tensors {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** The header's `__metadata__`: text by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Of the length of the header, with which a file begins. */
export const SAFETENSORS_LENGTH_BYTES = 8;
/** The data begins at a multiple of this. */
const ALIGNMENT = 8;
/** Some ten thousand tensors; what parses to objects takes many times its size. */
const MOST_HEADER_BYTES = 4_000_000;
const AGAIN = 'Save it again, or copy it again if it was cut short.';

/** A tensor as it is written: numbers, or the bits of halves. */
export interface WrittenTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
}

/** Bytes of a file; tensors in their order, metadata in its. Equal input gives equal bytes. */
export function encodeSafetensors({
  tensors,
  metadata,
}: {
  readonly tensors: ReadonlyMap<string, WrittenTensor>;
  readonly metadata: Tensors['metadata'];
}): Uint8Array<ArrayBuffer> {
  let at = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, { shape, data }] of tensors) {
    const dtype = data instanceof Uint16Array ? 'F16' : 'F32';
    header[name] = { dtype, shape, data_offsets: [at, at + data.byteLength] };
    at += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(SAFETENSORS_LENGTH_BYTES + length + at);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.fill(0x20, SAFETENSORS_LENGTH_BYTES, SAFETENSORS_LENGTH_BYTES + length);
  bytes.set(text, SAFETENSORS_LENGTH_BYTES);
  at = SAFETENSORS_LENGTH_BYTES + length;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a file.
 * @throws FileError for one that is cut short, whose header is damaged, or that holds other than floats; the tensor is named.
 */
export function decodeSafetensors(file: string, bytes: Uint8Array): Tensors {
  const { header, start } = readHeader(file, bytes);
  const { __metadata__: metadata = {}, ...entries } = header;
  if (typeof metadata !== 'object' || metadata === null)
    throw new FileError(file, `its header has ${JSON.stringify(metadata)} for its metadata`, AGAIN);
  const data = bytes.subarray(start);
  const checked = Object.entries(entries).map(([name, entry]) => checkEntry(file, name, entry, data));
  requireApart(file, checked);
  const tensors = new Map<string, Tensor>();
  for (const entry of checked) tensors.set(entry.name, readTensor(entry, data));
  const texts = Object.entries(metadata).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return { tensors, metadata: Object.fromEntries(texts) };
}

/** The object that an entry of the metadata holds as JSON. @param advice what to do about a file without it. @throws FileError */
export function metadataObject(
  file: string,
  metadata: Tensors['metadata'],
  key: string,
  advice: string,
): Record<string, unknown> {
  try {
    const value: unknown = parseJson(metadata[key] ?? '');
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new FileError(file, `its metadata entry "${key}" is missing or damaged`, advice);
}

function readHeader(file: string, bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  const start = headerEnd(file, bytes, bytes.length);
  return { header: parseHeader(file, bytes.subarray(SAFETENSORS_LENGTH_BYTES, start)), start };
}

/**
 * The header of a file that lies elsewhere, and where the data begin.
 * @param head its first bytes, `SAFETENSORS_LENGTH_BYTES` of them @param bytes of the whole file
 * @throws FileError
 */
export async function readSafetensorsHeader(
  file: string,
  head: Uint8Array,
  bytes: number,
  read: (from: number, to: number) => Promise<Uint8Array>,
): Promise<{ header: Record<string, unknown>; start: number }> {
  const start = headerEnd(file, head, bytes);
  return { header: parseHeader(file, await read(SAFETENSORS_LENGTH_BYTES, start)), start };
}

/** Where the data begin in a file of so many bytes. */
function headerEnd(file: string, head: Uint8Array, bytes: number): number {
  if (head.length < SAFETENSORS_LENGTH_BYTES)
    throw new FileError(file, `${head.length} bytes are too few for a safetensors file`, AGAIN);
  const length = Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0, true));
  const start = SAFETENSORS_LENGTH_BYTES + length;
  if (start > bytes)
    throw new FileError(
      file,
      `its header says ${length} bytes, of which it has ${bytes - SAFETENSORS_LENGTH_BYTES}`,
      AGAIN,
    );
  if (length > MOST_HEADER_BYTES)
    throw new FileError(file, `its header has ${length} bytes, and at most ${MOST_HEADER_BYTES} are read`, AGAIN);
  return start;
}

function parseHeader(file: string, bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null && !Array.isArray(header))
      return header as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new FileError(file, 'its header is no JSON object: this is not a safetensors file', AGAIN);
}

interface CheckedEntry {
  readonly name: string;
  readonly dtype: 'F32' | 'F16';
  readonly shape: readonly number[];
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

function checkEntry(file: string, name: string, value: unknown, data: Uint8Array): CheckedEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Partial<Entry>;
  const whole = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (typeof dtype !== 'string' || !whole(shape) || !whole(offsets) || offsets.length !== 2)
    throw new FileError(file, `the header's entry of ${name} is damaged`, AGAIN);
  if (dtype !== 'F32' && dtype !== 'F16')
    throw new FileError(file, `${name} is ${dtype}, and only F32 and F16 are read`, 'Convert it to 32-bit floats.');
  const count = valueCount(shape);
  if (count === undefined) throw new FileError(file, `${name} has an impossible shape [${shape.join(', ')}]`, AGAIN);
  const bytes = count * (dtype === 'F32' ? 4 : 2);
  const [from, to] = offsets;
  if (to - from !== bytes || to > data.length)
    throw new FileError(
      file,
      `${name} of shape [${shape.join(', ')}] needs ${bytes} bytes, and the file has ${Math.max(0, Math.min(to, data.length) - from)} for it`,
      AGAIN,
    );
  return { name, dtype, shape, count, from, to };
}

/** Each byte belongs to one tensor at most, as the format has it: so tensors take no more memory than the file has. */
function requireApart(file: string, entries: readonly CheckedEntry[]): void {
  const sorted = entries.filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from);
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i].from < sorted[i - 1].to)
      throw new FileError(file, `${sorted[i - 1].name} and ${sorted[i].name} lie over the same bytes`, AGAIN);
  }
}

function readTensor({ dtype, shape, count, from, to }: CheckedEntry, data: Uint8Array): Tensor {
  const view = new DataView(data.buffer, data.byteOffset + from, to - from);
  const at =
    dtype === 'F32'
      ? (i: number) => view.getFloat32(4 * i, true)
      : (i: number) => halfToNumber(view.getUint16(2 * i, true));
  return { shape, data: Float32Array.from({ length: count }, (_, i) => at(i)) };
}
