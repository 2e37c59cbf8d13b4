// Throws of two dice, counted by what each shows.
//
// Computes  counts[item][first die][second die] += 1 for each throw; a die is floor(6 w / 2^16) of the upper half w of a random word
// Bindings  0 how (uniform), 1 seeds [item], 2 counts [item][6][6]
// Thread    one item; it shares nothing with others, and its counts are whole numbers: equal on every adapter
// Caller    dispatches ceil(items / LANES) workgroups for `count` throws from `first` on; counts are set to 0 by the first
// Twin      src/workloads/tally/twin/throws.ts, same numbers.

import package::lib::rng::threefry2x32;
import constants::LANES;

struct How {
  items: u32,
  first: u32,
  count: u32,
  pad: u32,
}

@group(0) @binding(0) var<uniform> how: How;
@group(0) @binding(1) var<storage, read> seeds: array<u32>;
@group(0) @binding(2) var<storage, read_write> counts: array<i32>;

const FACES = 6u;

fn die(word: u32) -> u32 {
  return ((word >> 16u) * FACES) >> 16u;
}

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= how.items) {
    return;
  }
  let table = id.x * FACES * FACES;
  if (how.first == 0u) {
    for (var i = 0u; i < FACES * FACES; i++) {
      counts[table + i] = 0;
    }
  }
  for (var n = 0u; n < how.count; n++) {
    let words = threefry2x32(vec2u(seeds[id.x], 0u), vec2u(how.first + n, 0u));
    counts[table + FACES * die(words.x) + die(words.y)] += 1;
  }
}
