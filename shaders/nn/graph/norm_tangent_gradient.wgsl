// Derivative of the gradient by a norm's weight along a direction, added to a vector of the parameters' size row after row.
//
// Computes  into[c] += sum over a row's positions of y^'[c] u[c] + y^[c] u'[c], row by row; y^ the adjoint of the norm's output, y^' its derivative.
// Bindings  1 x, 2 x', 3 y^, 4 y^' [position][WIDTH filled to fours]; 5 statistics [position] (norm_tangent.wgsl); 6 into, from number WEIGHT_SKIP on; 7 batch.
// Thread    four numbers of the weight.
// Order     positions from the first to the last, then rows from the first to the last on top of what is there.
// Caller    ceil(WIDTH / 4) threads, workgroups counted row by row.
// Twin      normTurn of src/nn/graph/twin/norm.ts.

import package::nn::graph::batch::{row_count, row_start};
import constants::{WIDTH, WEIGHT_SKIP, THREADS};

@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> dx: array<vec4f>;
@group(0) @binding(3) var<storage, read> adjoint: array<vec4f>;
@group(0) @binding(4) var<storage, read> dadjoint: array<vec4f>;
@group(0) @binding(5) var<storage, read> statistics: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> into: array<f32>;

const WIDTH4 = (WIDTH + 3u) / 4u;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let c = (group.y * groups.x + group.x) * THREADS + local;
  if (c >= WIDTH4) { return; }
  let own_count = min(4u, WIDTH - 4u * c);
  var all = vec4f();
  for (var i = 0u; i < own_count; i++) { all[i] = into[WEIGHT_SKIP + 4u * c + i]; }
  for (var row = 0u; row < row_count(); row++) {
    var own = vec4f();
    for (var p = row_start(row); p < row_start(row + 1u); p++) {
      let at = p * WIDTH4 + c;
      let s = statistics[p];
      let u = (x[at] - s.x) * s.y;
      let du = (dx[at] - s.z - u * s.w) * s.y;
      own += dadjoint[at] * u + adjoint[at] * du;
    }
    all += own;
  }
  for (var i = 0u; i < own_count; i++) { into[WEIGHT_SKIP + 4u * c + i] = all[i]; }
}
