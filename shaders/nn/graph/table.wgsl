// Rows of a table by id, or by position on top of a value.
//
// Computes  y[t] = T[id of t]; condition positions: x[t] + T[position of t].
// Bindings  0 x (positions); 1 T (matrix.wgsl); 7 batch (batch.wgsl); 8 y (sink.wgsl).
// Thread    four numbers of a position.
// Caller    one thread each of tokens WIDTH4, workgroups counted row by row; ids within the table.
// Twin      embed, positions of src/nn/graph/twin.

import package::nn::graph::batch::{id_of, position_of, token_count};
import package::nn::graph::matrix::w_at;
import package::nn::graph::sink::put;
import constants::{WIDTH4, THREADS};

@if(positions) @group(0) @binding(0) var<storage, read> x: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let at = (group.y * groups.x + group.x) * THREADS + local;
  let token = at / WIDTH4;
  if (token >= token_count()) { return; }
  @if(positions) { put(at, x[at] + w_at(position_of(token), at % WIDTH4)); }
  @if(!positions) { put(at, w_at(id_of(token), at % WIDTH4)); }
}
