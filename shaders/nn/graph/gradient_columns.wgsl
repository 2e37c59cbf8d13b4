// Gradient by a bias, or by the weight of a norm: of every row of the batch the sum over its positions, added row after row.
//
// Computes  G[n] + sum over rows of (sum over the row's positions t of dy[t][n]), condition normed: of dy[t][n] (x[t][n] - mean) r; square: the squares of these.
// Bindings  0 dy, 1 x (normed) [tokens][4 V4]; 2 statistics (normed) [tokens]: mean, r; 3 G (into.wgsl); 7 batch.
// Thread    four columns.
// Order     over the positions of a row from the first to the last; over the rows in theirs.
// Caller    one thread each of V4, workgroups counted row by row.
// Twin      linearBias, normWeights of src/nn/graph/twin.

import package::nn::graph::batch::{row_count, row_start};
import package::nn::graph::into::{into_at, put_into, with_row};
import constants::{V4, THREADS};

@group(0) @binding(0) var<storage, read> dy: array<vec4f>;
@if(normed) @group(0) @binding(1) var<storage, read> x: array<vec4f>;
@if(normed) @group(0) @binding(2) var<storage, read> statistics: array<vec2f>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * THREADS + local;
  if (index >= V4) { return; }
  var held = into_at(0u, index);
  let rows = row_count();
  for (var row = 0u; row < rows; row++) {
    var sum = vec4f();
    let end = row_start(row + 1u);
    for (var token = row_start(row); token < end; token++) {
      @if(normed) {
        let statistic = statistics[token];
        sum += dy[token * V4 + index] * ((x[token * V4 + index] - statistic.x) * statistic.y);
      }
      @if(!normed) { sum += dy[token * V4 + index]; }
    }
    held = with_row(held, sum);
  }
  put_into(0u, index, held);
}
