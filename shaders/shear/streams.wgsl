// The sampler's random numbers: which counter belongs to which draw (ALGORITHM.md, "Random numbers").
//
// Computes  key = the item's seed; counter = (transition, (256·attempt + chain)·2¹⁶ + block·2⁸ + purpose); normal i of a purpose is word i & 1 of block i >> 1.
// Bindings  3 control, 6 keys.
// Thread    each call stands alone: draws do not depend on batch, chunk, order or what was drawn before.
// Twin      src/workloads/shear/twin/streams.ts.

import package::lib::normal::normal_from_bits;
import package::lib::rng::{threefry2x32, uniform01};
import package::shear::state::{control, keys};
import constants::D;

const DISPERSE = 1u;
const MOMENTUM = 2u;
const ACCEPT = 3u;

fn words(item: u32, chain: u32, transition: u32, block: u32, purpose: u32) -> vec2u {
  return threefry2x32(keys[item], vec2u(transition, (((control.attempt << 8u) | chain) << 16u) | (block << 8u) | purpose));
}

fn normals(item: u32, chain: u32, transition: u32, purpose: u32) -> array<f32, 8> {
  var x: array<f32, 8>;
  for (var block = 0u; 2u * block < D; block++) {
    let pair = words(item, chain, transition, block, purpose);
    x[2u * block] = normal_from_bits(pair.x);
    x[2u * block + 1u] = normal_from_bits(pair.y);
  }
  return x;
}

fn acceptance_uniform(item: u32, chain: u32, transition: u32) -> f32 {
  return uniform01(words(item, chain, transition, 0u, ACCEPT).x);
}
