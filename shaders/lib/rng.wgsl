// Counter-based random numbers: Threefry-2x32 with 20 rounds.
//
// Computes  (x0, x1) = Threefry2x32-20(key, counter)   J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
//           SC'11, and Random123's threefry.h; bit-equal to jax.random's threefry2x32.
// Bindings  none: functions only.
// Thread    each call stands alone; the same (key, counter) gives the same bits on every adapter (integers only).
// Caller    keys a stream by seed and addresses draws by counter, so that results do not depend on batch or chunk size.
// Twin      src/stats/threefry.ts, same names, same bits.

const THREEFRY_PARITY = 0x1BD11BDAu; // SKEIN_KS_PARITY32

fn threefry_round(x: vec2u, rotation: u32) -> vec2u {
  let sum = x.x + x.y;
  return vec2u(sum, ((x.y << rotation) | (x.y >> (32u - rotation))) ^ sum);
}

fn threefry_rounds_a(x: vec2u) -> vec2u {
  return threefry_round(threefry_round(threefry_round(threefry_round(x, 13u), 15u), 26u), 6u);
}

fn threefry_rounds_b(x: vec2u) -> vec2u {
  return threefry_round(threefry_round(threefry_round(threefry_round(x, 17u), 29u), 16u), 24u);
}

/// Two random words for a key and a counter.
fn threefry2x32(key: vec2u, counter: vec2u) -> vec2u {
  let k2 = THREEFRY_PARITY ^ key.x ^ key.y;
  var x = counter + key;
  x = threefry_rounds_a(x) + vec2u(key.y, k2 + 1u);
  x = threefry_rounds_b(x) + vec2u(k2, key.x + 2u);
  x = threefry_rounds_a(x) + vec2u(key.x, key.y + 3u);
  x = threefry_rounds_b(x) + vec2u(key.y, k2 + 4u);
  return threefry_rounds_a(x) + vec2u(k2, key.x + 5u);
}

/// A word as a uniform number in (0, 1): (k + 1/2) 2^-24 with k the upper 24 bits; never 0, never 1.
/// From 1/2 up f32 is too coarse for the half and rounds it; normals from bits keep it (normal.wgsl).
fn uniform01(bits: u32) -> f32 {
  return min((f32(bits >> 8u) + 0.5) * 0x1p-24f, 0x1.fffffep-1f);
}
