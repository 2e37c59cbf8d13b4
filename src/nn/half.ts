/** Half precision (IEEE 754 binary16) on the CPU, for weights on their way to the device. Node 20 has no Float16Array. */

const scratch = new Float32Array(1);
const bits = new Uint32Array(scratch.buffer);

/** The bits of the half nearest to a number, ties to even; beyond ±65504 the largest finite half. */
export function toHalf(value: number): number {
  scratch[0] = Math.max(-65504, Math.min(65504, value));
  const word = bits[0];
  const sign = (word >>> 16) & 0x8000;
  const exponent = ((word >>> 23) & 0xff) - 112;
  const mantissa = word & 0x7fffff;
  if (exponent >= 31) return sign | (mantissa !== 0 ? 0x7e00 : 0x7bff);
  if (exponent <= 0) {
    // Subnormal: the implied bit becomes explicit and moves down; below half of the smallest there is only zero.
    if (exponent < -10) return sign;
    return sign | roundedShift(mantissa | 0x800000, 14 - exponent);
  }
  // A carry out of the mantissa runs into the exponent, which is what rounding up means.
  return sign | ((exponent << 10) + roundedShift(mantissa, 13));
}

function roundedShift(value: number, by: number): number {
  const kept = value >>> by;
  const rest = value & ((1 << by) - 1);
  const middle = 1 << (by - 1);
  return rest > middle || (rest === middle && (kept & 1) === 1) ? kept + 1 : kept;
}

/** Two halves a word, the first in the lower 16 bits, as `unpack2x16float` and arrays of f16 expect. An odd length is filled with zero. */
export function toHalves(values: ArrayLike<number>): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(values.length / 2));
  for (let i = 0; i < values.length; i++) words[i >> 1] |= toHalf(values[i]) << (16 * (i & 1));
  return words;
}
