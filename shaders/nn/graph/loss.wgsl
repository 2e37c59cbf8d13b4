// Losses of positions.
//
// Computes  cross-entropy: l = log sum over v of exp z_v, loss = l - z of the next id, 0 where there is none; condition squared: mean over the outputs of
//           (y - target)^2.
// Bindings  0 z, or y [tokens][4 OUTPUTS4]; 1 losses [tokens]; 2 log_sums (l) [tokens], or targets [tokens][4 OUTPUTS4]; 7 batch.
// Thread    a position.
// Order     over the outputs by fours, from the first to the last; then (0 + 1) + (2 + 3).
// Caller    one thread a position, workgroups counted row by row.
// Twin      losses of src/nn/graph/twin.

import package::nn::graph::batch::{id_of, row_of, row_start, token_count};
import package::nn::graph::tail::{within, within_else};
import constants::{OUTPUTS, OUTPUTS4, THREADS};

@group(0) @binding(0) var<storage, read> z: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> losses: array<f32>;
@if(!squared) @group(0) @binding(2) var<storage, read_write> log_sums: array<f32>;
@if(squared) @group(0) @binding(2) var<storage, read> targets: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * THREADS + local;
  let token = index;
  if (token >= token_count()) { return; }
  let first = token * OUTPUTS4;
  @if(squared) {
    var squares = vec4f();
    for (var v = 0u; v < OUTPUTS4; v++) {
      let apart = z[first + v] - targets[first + v];
      squares += apart * apart;
    }
    losses[token] = ((squares.x + squares.y) + (squares.z + squares.w)) / f32(OUTPUTS);
  }
  @if(!squared) {
    var most = vec4f(-3.0e38);
    for (var v = 0u; v < OUTPUTS4; v++) { most = max(most, within_else(v, z[first + v], -3.0e38)); }
    let greatest = max(max(most.x, most.y), max(most.z, most.w));
    var sums = vec4f();
    for (var v = 0u; v < OUTPUTS4; v++) { sums += within(v, exp(z[first + v] - greatest)); }
    let log_sum = greatest + log((sums.x + sums.y) + (sums.z + sums.w));
    log_sums[token] = log_sum;
    var loss = 0.0;
    if (token + 1u < row_start(row_of(token) + 1u)) {
      let next = id_of(token + 1u);
      loss = log_sum - z[first + next / 4u][next % 4u];
    }
    losses[token] = loss;
  }
}
