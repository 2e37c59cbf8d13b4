// The batch of a training step, gathered on the device from data that stay there.
//
// Computes  of every slot a training cell at random, t = (slot + u) / BATCH, and its tokens, each masked with probability t; condition timed: sigma =
//           -ln(1 - (1 - EPSILON) t).
// Bindings  0 data: tokens of all cells [..][GENES], four bytes a word; 1 order [CELLS]: those to train on; 2 tokens [BATCH GENES]; 3 asked [BATCH GENES]: the
//           true token, its weight left to weigh.wgsl; 4 masked [BATCH]: how many; 8 state; 10 sigma [BATCH]; 11 keys.
// Random    key of the training: counter (step BATCH + slot, 0) gives cell and u, (…, 2 + gene / 2) the masks; gather_labels.wgsl has (…, 1).
// Thread    a slot.
// Caller    one thread each of BATCH, workgroups counted row by row.
// Twin      gatherTwin of src/workloads/cells/training/twin.ts.

import package::lib::rng::{threefry2x32, uniform01};
import package::nn::optimiser::state::state;
import constants::{BATCH, CELLS, GENES, MASK, EPSILON, GATHER_THREADS};

@group(0) @binding(0) var<storage, read> data: array<u32>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(3) var<storage, read_write> asked: array<vec2u>;
@group(0) @binding(4) var<storage, read_write> masked: array<u32>;
@if(timed) @group(0) @binding(10) var<storage, read_write> sigma: array<f32>;
@group(0) @binding(11) var<uniform> keys: vec4u;

@compute @workgroup_size(GATHER_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let slot = (group.y * groups.x + group.x) * GATHER_THREADS + local;
  if (slot >= BATCH) { return; }
  let key = keys.xy;
  let number = state.step * BATCH + slot;
  let drawn = threefry2x32(key, vec2u(number, 0u));
  let cell = order[drawn.x % CELLS];
  let t = (f32(slot) + uniform01(drawn.y)) / f32(BATCH);
  var count = 0u;
  for (var gene = 0u; gene < GENES; gene++) {
    let place = cell * GENES + gene;
    let token = (data[place / 4u] >> (8u * (place % 4u))) & 0xffu;
    let words = threefry2x32(key, vec2u(number, 2u + gene / 2u));
    let hidden = uniform01(select(words.x, words.y, (gene & 1u) == 1u)) < t;
    let row = slot * GENES + gene;
    tokens[row] = select(token, MASK, hidden);
    asked[row] = vec2u(token, 0u);
    count += select(0u, 1u, hidden);
  }
  masked[slot] = count;
  @if(timed) { sigma[slot] = -log(1.0 - (1.0 - EPSILON) * t); }
}
