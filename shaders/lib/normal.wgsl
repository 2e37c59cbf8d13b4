// Standard normal numbers by the inverse of the cumulative distribution: one normal a uniform, no sine or cosine
// (WGSL promises only 2^-11 for those).
//
// Computes  x with Phi(x) = p     M. J. Wichura, "Algorithm AS 241", Appl. Statist. 37 (1988), the single-precision PPND7
// Bindings  none: functions only.
// Thread    each call stands alone.
// Caller    0 < p < 1. Prefer normal_from_bits: it keeps both tails exact, where p near 1 has lost them already.
// Accuracy  measured against f64 over all 2^24 uniforms of normal_from_bits: 1.4e-6 absolute, 4.3e-7 relative (PPND7 itself:
//           3.6e-7, 1.2e-7). log is called below 0.075 only, where WGSL promises 3 ULP: at worst 5e-7 relative more.
// Twin      src/stats/normal.ts (PPND16, f64).

const CENTRE = 0.425;

/// |q| <= 0.425, q = p - 1/2.
fn normal_centre(q: f32) -> f32 {
  let r = 0.180625 - q * q;
  let num = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179;
  let den = ((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0;
  return q * num / den;
}

/// |x| for the probability beyond it, 0 < tail < 0.075.
fn normal_tail(tail: f32) -> f32 {
  let s = sqrt(-log(tail));
  if (s <= 5.0) {
    let r = s - 1.6;
    let num = ((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777;
    return num / ((0.12021132975 * r + 0.73700164250) * r + 1.0);
  }
  let r = s - 5.0;
  let num = ((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150;
  return num / ((0.012258202635 * r + 0.24197894225) * r + 1.0);
}

/// The normal quantile of p.
fn normal_quantile(p: f32) -> f32 {
  let q = p - 0.5; // exact from 1/4 to 1, and 1 - p exact from 1/2 up (Sterbenz)
  if (abs(q) <= CENTRE) {
    return normal_centre(q);
  }
  let x = normal_tail(select(1.0 - p, p, q < 0.0));
  return select(x, -x, q < 0.0);
}

/// The normal quantile of (k + 1/2) 2^-24, k the upper 24 bits of a word. Exactly symmetric; |x| <= 5.42.
fn normal_from_bits(bits: u32) -> f32 {
  let odd = 2 * i32(bits >> 8u) - 16777215; // 2^25 (p - 1/2), at most 24 bits: exact in f32
  let q = f32(odd) * 0x1p-25f;
  if (abs(q) <= CENTRE) {
    return normal_centre(q);
  }
  let x = normal_tail(f32(16777216 - abs(odd)) * 0x1p-25f);
  return select(x, -x, odd < 0);
}
