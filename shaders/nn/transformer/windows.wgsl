// The batch of a training step: stretches of a long list of tokens, gathered on the device where the list stays.
//
// Computes  of every slot one of STARTS places at random, and from there on LENGTH tokens; asked is the token that follows each, its weight 1 / (BATCH LENGTH).
// Bindings  0 list: tokens, two a word, the first in the lower bits; 1 starts [STARTS]: places with LENGTH tokens and one behind them; 2 tokens [BATCH LENGTH]; 3
//           asked [BATCH LENGTH]: target and, as bits, weight; 8 state; 11 keys.
// Random    key of the training: counter (step BATCH + slot, 0) gives the place.
// Thread    a token.
// Caller    one thread each of BATCH LENGTH, workgroups counted row by row.
// Twin      windowsTwin of src/nn/transformer/training/windows.ts.

import package::lib::rng::threefry2x32;
import package::nn::optimiser::state::state;
import constants::{BATCH, LENGTH, STARTS, ROW_THREADS};

@group(0) @binding(0) var<storage, read> list: array<u32>;
@group(0) @binding(1) var<storage, read> starts: array<u32>;
@group(0) @binding(2) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(3) var<storage, read_write> asked: array<vec2u>;
@group(0) @binding(11) var<uniform> keys: vec4u;

fn token_at(place: u32) -> u32 { return (list[place / 2u] >> (16u * (place % 2u))) & 0xffffu; }

@compute @workgroup_size(ROW_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * ROW_THREADS + local;
  if (index >= BATCH * LENGTH) { return; }
  let slot = index / LENGTH;
  let begin = starts[threefry2x32(keys.xy, vec2u(state.step * BATCH + slot, 0u)).x % STARTS];
  let place = begin + index % LENGTH;
  tokens[index] = token_at(place);
  asked[index] = vec2u(token_at(place + 1u), bitcast<u32>(1.0 / f32(BATCH * LENGTH)));
}
