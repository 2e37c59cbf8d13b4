/**
 * A file that knows whether it is whole: the word LOCKSTEP, version and length of the header (32-bit, little-endian), the header as
 * JSON, the payload, and as text the SHA-256 of all before it. A file that was cut short or changed anywhere is refused.
 */

import { decodeJson, encodeJson } from '../../bundle/exact-json.ts';
import { Sha256Stream } from '../../bundle/sha256.ts';

const MAGIC = new TextEncoder().encode('LOCKSTEP');
const VERSION = 1;
/** Magic, version, length of the header. */
const FIXED_BYTES = MAGIC.length + 8;
/** "sha256:" and 64 digits. */
const TRAILER_BYTES = 71;
/** Others on the thread get their turn after this long. */
const TURN_MS = 30;

/** A file of a checkpoint that cannot be believed, and why. */
export class DamagedError extends Error {
  override readonly name = 'DamagedError';
}

/**
 * The file in pieces, for a writer to put one after the other. Hashing many of them leaves room for others on the thread.
 */
export async function sealFrame(header: unknown, payload: readonly Uint8Array[] = []): Promise<Uint8Array[]> {
  const text = new TextEncoder().encode(encodeJson(header));
  const fixed = new Uint8Array(FIXED_BYTES);
  fixed.set(MAGIC);
  const view = new DataView(fixed.buffer);
  view.setUint32(MAGIC.length, VERSION, true);
  view.setUint32(MAGIC.length + 4, text.length, true);
  const pieces = [fixed, text, ...payload];
  const hash = new Sha256Stream();
  const turn = turns();
  for (const piece of pieces) {
    hash.update(piece);
    await turn();
  }
  return [...pieces, new TextEncoder().encode(hash.digest())];
}

/** Header and payload. @throws DamagedError for a file that is not the very one that was sealed. */
export function openFrame(bytes: Uint8Array<ArrayBuffer>): { header: unknown; payload: Uint8Array<ArrayBuffer> } {
  const end = bytes.length - TRAILER_BYTES;
  if (end < FIXED_BYTES) throw new DamagedError('it is cut short');
  const hash = new Sha256Stream();
  hash.update(bytes.subarray(0, end));
  if (new TextDecoder().decode(bytes.subarray(end)) !== hash.digest()) {
    throw new DamagedError('its hash does not match its contents');
  }
  const start = payloadStart(bytes);
  return { header: headerOf(bytes.subarray(FIXED_BYTES, start)), payload: bytes.subarray(start, end) };
}

/** The seal of a file: the hash at its end, which no two different files share. */
export function sealOf(pieces: readonly Uint8Array[]): string {
  return new TextDecoder().decode(pieces.at(-1)?.subarray(-TRAILER_BYTES));
}

/** The same of a file on disk, not checked against its contents: for lists. */
export function peekSeal(file: Blob): Promise<string> {
  return file.slice(-TRAILER_BYTES).text();
}

/** The header alone, not checked against the hash: for lists. @throws DamagedError */
export async function peekFrame(file: Blob): Promise<unknown> {
  const start = payloadStart(new Uint8Array(await file.slice(0, FIXED_BYTES).arrayBuffer()));
  return headerOf(new Uint8Array(await file.slice(FIXED_BYTES, start).arrayBuffer()));
}

function payloadStart(bytes: Uint8Array): number {
  if (bytes.length < FIXED_BYTES) throw new DamagedError('it is cut short');
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw new DamagedError('it is no file of a checkpoint');
  const view = new DataView(bytes.buffer, bytes.byteOffset, FIXED_BYTES);
  const version = view.getUint32(MAGIC.length, true);
  if (version !== VERSION) throw new DamagedError(`it is of version ${version}, and this program reads ${VERSION}`);
  return FIXED_BYTES + view.getUint32(MAGIC.length + 4, true);
}

function headerOf(bytes: Uint8Array): unknown {
  try {
    return decodeJson(new TextDecoder().decode(bytes));
  } catch {
    throw new DamagedError('its header cannot be read');
  }
}

/** A function that waits for the next turn of the thread when the last one began more than `TURN_MS` ago. */
export function turns(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  };
}
