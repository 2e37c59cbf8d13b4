// Tests on the bits of a float.
//
// Computes  whether an f32 is finite. WGSL compilers may assume that NaN and infinity never occur, so `x != x` is folded to
//           false (measured on SwiftShader); the exponent bits tell the truth everywhere.
// Bindings  none: functions only.
// Thread    each call stands alone.
// Caller    nothing to guarantee.
// Twin      Number.isFinite.

const EXPONENT_BITS = 0x7f800000u;

/// False for NaN and both infinities.
fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & EXPONENT_BITS) != EXPONENT_BITS;
}
