/** Adler-32, the checksum at the end of zlib streams (https://www.rfc-editor.org/rfc/rfc1950#section-9). */

const MODULUS = 65_521;
/** As many bytes can be summed before the sums pass 2³² (as in zlib). */
const SAFE = 5552;

export function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (let from = 0; from < bytes.length; from += SAFE) {
    const to = Math.min(from + SAFE, bytes.length);
    for (let i = from; i < to; i++) {
      low += bytes[i];
      high += low;
    }
    low %= MODULUS;
    high %= MODULUS;
  }
  return high * 65_536 + low;
}
