/** Files with random damage, the same for the same seed. */

/** Mulberry32: whole numbers below `n`. */
export function randomBelow(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

/** What readers of text and of JSON stumble over. */
const WORDS = [
  ...['"', "'", ',', ';', '\t', '\n', '\r', '\0', '{', '}', '[', ']', '[[[[', ':', '#', '\\', '-', '.', ' ', '\uFEFF'],
  ...['nan', 'null', 'true', '1e999', '-1', '0x10', '0', '99999999999999999999', '1e-400', '__proto__', 'constructor'],
].map((word) => new TextEncoder().encode(word));
/** What readers of sizes and offsets do. */
const NUMBERS = [0, 1, 2, 127, 128, 255, 256, 65_535, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];

/** Ways to change a byte or a number, and ways to move pieces. */
const [POINTS, PIECES] = [3, 6];

/** One to four changes; of `others`, pieces are put in. Half of all files keep their length: what is longer or shorter is soon found out. */
export function mutated(
  bytes: Uint8Array,
  others: readonly Uint8Array[],
  below: (n: number) => number,
): Uint8Array<ArrayBuffer> {
  let result: Uint8Array<ArrayBuffer> = bytes.slice();
  const kinds = below(2) ? POINTS : POINTS + PIECES;
  for (let change = 0; change <= below(4); change++) result = changed(result, others, below, kinds);
  return result;
}

function changed(
  bytes: Uint8Array<ArrayBuffer>,
  others: readonly Uint8Array[],
  below: (n: number) => number,
  kinds: number,
): Uint8Array<ArrayBuffer> {
  // Heads decide most, so half of all changes fall there.
  const at = below(2) ? below(bytes.length + 1) : below(Math.min(bytes.length, 512) + 1);
  const length = below(2) ? below(8) : below(256);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const from = others[below(others.length)];
  switch (below(kinds)) {
    case 0:
      if (at < bytes.length) bytes[at] ^= 1 << below(8);
      return bytes;
    case 1:
      if (at < bytes.length) bytes[at] = below(256);
      return bytes;
    case 2:
      if (at + 4 <= bytes.length) view.setUint32(at, NUMBERS[below(NUMBERS.length)], below(2) === 0);
      return bytes;
    case 3:
      return bytes.slice(0, at);
    case 4:
      return joined(bytes.subarray(0, at), bytes.subarray(at + length));
    case 5:
      return joined(bytes.subarray(0, at), WORDS[below(WORDS.length)], bytes.subarray(at + below(2) * length));
    case 6:
      return joined(bytes.subarray(0, at + length), bytes.subarray(at));
    case 7: {
      const start = below(from.length + 1);
      return joined(bytes.subarray(0, at), from.subarray(start, start + length), bytes.subarray(at + length));
    }
    default:
      return joined(bytes.subarray(0, at), new Uint8Array(length).fill(below(256)), bytes.subarray(at + length));
  }
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
