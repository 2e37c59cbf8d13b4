/** Files as they come or packed with gzip, in pieces. */
import { Gunzip } from 'fflate';
import { defaultSizes } from '../../batch/sizes.ts';
import { FileError } from '../file-error.ts';

/** What tables of text unpack to at most. */
const MAX_BYTES = 8 * 1024 ** 3;

export const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** @param name of the file, for messages @throws FileError for a gzip stream that is damaged or cut short */
export function* unpacked(name: string, bytes: Uint8Array): Generator<Uint8Array> {
  const size = defaultSizes['bundle.inflateBytes'];
  if (!isGzip(bytes)) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    return;
  }
  const out: Uint8Array[] = [];
  const gunzip = new Gunzip((piece) => out.push(piece));
  let total = 0;
  for (let at = 0; at < bytes.length; at += size) {
    try {
      gunzip.push(bytes.subarray(at, at + size), at + size >= bytes.length);
    } catch (cause) {
      const what = `it cannot be unpacked (${cause instanceof Error ? cause.message : String(cause)})`;
      throw new FileError(name, what, 'The file is damaged or cut short; copy it again.', { cause });
    }
    for (const piece of out.splice(0)) {
      total += piece.length;
      if (total > MAX_BYTES)
        throw new FileError(name, `it unpacks to more than ${MAX_BYTES} bytes`, 'Give a part of the cells, as .h5ad.');
      yield piece;
    }
  }
}

/** All of it, up to `limit` bytes. @throws FileError as `unpacked` does, and beyond the limit */
export function wholeOf(name: string, bytes: Uint8Array, limit: number): Uint8Array {
  if (!isGzip(bytes) && bytes.length <= limit) return bytes;
  const pieces: Uint8Array[] = [];
  let total = 0;
  for (const piece of unpacked(name, bytes)) {
    total += piece.length;
    if (total > limit) throw new FileError(name, `it has more than ${limit} bytes`, 'Give a smaller file.');
    pieces.push(piece);
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
