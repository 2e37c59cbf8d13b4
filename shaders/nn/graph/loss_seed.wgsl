// Adjoint of the output that a loss begins with.
//
// Computes  weight (exp(z - l) - [v = next id]), 0 where there is none; condition squared: 2 weight (y - target).
// Bindings  0 z, or y [tokens][4 OUTPUTS4]; 1 weights [tokens]; 2 log_sums (l) [tokens], or targets [tokens][4 OUTPUTS4]; 7 batch; 8 adjoint (sink.wgsl).
// Thread    four outputs of a position.
// Caller    one thread each of tokens OUTPUTS4, workgroups counted row by row; loss.wgsl has left l.
// Twin      the seeds of src/nn/graph/twin.

import package::nn::graph::batch::{id_of, row_of, row_start, token_count};
import package::nn::graph::sink::put;
import package::nn::graph::tail::within;
import constants::{OUTPUTS4, THREADS};

@group(0) @binding(0) var<storage, read> z: array<vec4f>;
@group(0) @binding(1) var<storage, read> weights: array<f32>;
@if(!squared) @group(0) @binding(2) var<storage, read> log_sums: array<f32>;
@if(squared) @group(0) @binding(2) var<storage, read> targets: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * THREADS + local;
  let token = index / OUTPUTS4;
  if (token >= token_count()) { return; }
  let v = index % OUTPUTS4;
  @if(squared) { put(index, 2.0 * weights[token] * (z[index] - targets[index])); }
  @if(!squared) {
    var value = vec4f();
    if (token + 1u < row_start(row_of(token) + 1u) && weights[token] != 0.0) {
      let hit = 4u * v + vec4u(0u, 1u, 2u, 3u) == vec4u(id_of(token + 1u));
      value = within(v, weights[token] * (exp(z[index] - log_sums[token]) - select(vec4f(), vec4f(1.0), hit)));
    }
    put(index, value);
  }
}
