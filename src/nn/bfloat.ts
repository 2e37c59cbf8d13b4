/** The 16-bit float that keeps the exponent of f32 (bfloat16): the upper half of its bits. */

const scratch = new Float32Array(1);
const bits = new Uint32Array(scratch.buffer);

/** The bits of the bfloat nearest to a number, ties to even; NaN stays one. */
export function toBfloat(value: number): number {
  scratch[0] = value;
  const word = bits[0];
  if ((word & 0x7fffffff) > 0x7f800000) return (word >>> 16) | 0x40;
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
}

/** The number that the bits of a bfloat stand for. */
export function fromBfloat(half: number): number {
  bits[0] = half << 16;
  return scratch[0];
}
