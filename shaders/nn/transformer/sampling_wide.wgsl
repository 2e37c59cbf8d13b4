// Whole numbers of 64 bits as (low, high) words: masses of tokens, whose sums are exact in any order.
//
// Computes  sums, differences, comparisons; the upper 64 bits of a product with a word; a weight in [0, 1] as a multiple of 2^-40, cut off
// Bindings  none: functions only.
// Thread    each call stands alone.
// Caller    weights of at most 1, at most 2^23 of them in a sum.
// Twin      BigInt in tests/transformer/sampling.test.ts; src/nn/transformer/sampling/twin.ts does without.

fn wide_sum(a: vec2u, b: vec2u) -> vec2u {
  let low = a.x + b.x;
  return vec2u(low, a.y + b.y + select(0u, 1u, low < a.x));
}

/// a − b, where b ≤ a.
fn wide_difference(a: vec2u, b: vec2u) -> vec2u {
  return vec2u(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));
}

fn wide_at_most(a: vec2u, b: vec2u) -> bool {
  return a.y < b.y || (a.y == b.y && a.x <= b.x);
}

/// Both words of a · b.
fn product(a: u32, b: u32) -> vec2u {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let mixed = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let other = (a & 0xffffu) * (b >> 16u) + (mixed & 0xffffu);
  return vec2u((other << 16u) | (low & 0xffffu), (a >> 16u) * (b >> 16u) + (mixed >> 16u) + (other >> 16u));
}

/// ⌊a · word / 2^32⌋.
fn wide_part(a: vec2u, word: u32) -> vec2u {
  return wide_sum(product(a.y, word), vec2u(product(a.x, word).y, 0u));
}

/// A weight from 0 to 1 in units of 2^-40: every step is exact but the cut.
fn wide_weight(weight: f32) -> vec2u {
  let scaled = weight * 256.0;
  let whole = floor(scaled);
  return vec2u(u32((scaled - whole) * 0x1p32f), u32(whole));
}

/// As a number again, rounded.
fn wide_number(a: vec2u) -> f32 {
  return f32(a.y) * 0x1p-8f + f32(a.x) * 0x1p-40f;
}
