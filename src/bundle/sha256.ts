/** SHA-256 in the bundle's notation, "sha256:" and 64 hexadecimal digits. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/**
 * Hash of a file's bytes. A library rather than `crypto.subtle`: pages served over plain HTTP have no `subtle`,
 * and large files can be hashed piece by piece.
 */
export function sha256Of(bytes: Uint8Array): string {
  return `sha256:${bytesToHex(sha256(bytes))}`;
}

/** Hash of bytes that arrive in pieces: `update` each, then `digest` once. */
export class Sha256Stream {
  readonly #hash = sha256.create();
  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }
  digest(): string {
    return `sha256:${bytesToHex(this.#hash.digest())}`;
  }
}
