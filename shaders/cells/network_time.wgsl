// The network's view of time in the step that is sampled.
//
// Computes  time[place][f] = times[step][f]
// Bindings  0 piece, 1 times [step][FEATURES], 2 time [place][FEATURES]; 9 chunk
// Workgroup THREADS threads.
// Thread    one number.
// Caller    dispatches ceil(places FEATURES / THREADS) workgroups after next_piece, for networks that are told the time.
// Twin      timeFeatures of src/nn/score-network/spec.ts.

import package::cells::piece::piece;
import package::cells::network_chunk::chunk;
import constants::{FEATURES, THREADS};

@group(0) @binding(1) var<storage, read> times: array<f32>;
@group(0) @binding(2) var<storage, read_write> time: array<f32>;

@compute @workgroup_size(THREADS)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= chunk.places * FEATURES) {
    return;
  }
  time[id.x] = times[piece.step * FEATURES + id.x % FEATURES];
}
