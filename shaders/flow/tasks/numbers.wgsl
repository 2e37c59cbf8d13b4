// Random numbers of the tasks by their address.
//
// Computes  number i of a purpose of a simulation: word (i & 1) of Threefry at (simulation, (i / 2) 2^8 + purpose).
// Bindings  none: functions only.
// Twin      src/workloads/flow/tasks/random.ts, the same words.

import package::lib::normal::normal_from_bits;
import package::lib::rng::{threefry2x32, uniform01};

const PRIOR = 1u;
const NOISE = 2u;

fn word(key: vec2u, index: u32, purpose: u32, i: u32) -> u32 {
  let words = threefry2x32(key, vec2u(index, (i >> 1u) * 256u + purpose));
  return select(words.x, words.y, (i & 1u) == 1u);
}

/// Number i of the prior in (0, 1), and as a standard normal.
fn prior_uniform(key: vec2u, index: u32, i: u32) -> f32 { return uniform01(word(key, index, PRIOR, i)); }
fn prior_normal(key: vec2u, index: u32, i: u32) -> f32 { return normal_from_bits(word(key, index, PRIOR, i)); }

/// Number i of the noise in (0, 1), and as a standard normal.
fn noise_uniform(key: vec2u, index: u32, i: u32) -> f32 { return uniform01(word(key, index, NOISE, i)); }
fn noise_normal(key: vec2u, index: u32, i: u32) -> f32 { return normal_from_bits(word(key, index, NOISE, i)); }
