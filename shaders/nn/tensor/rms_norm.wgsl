// The residual sum and the RMS norm behind it.
//
// Computes  x' = x + y (condition joined); h = w x' r, r = 1 / sqrt(mean of x'^2 + EPSILON). Condition kept: r stays in `inverses`.
//                                                                       B. Zhang & R. Sennrich, Root mean square layer normalization, NeurIPS 2019
// Bindings  0 x [ROWS][4 WIDTH4]; 1 y; 2 w [4 WIDTH4]; 3 x', 4 h, as x; 5 inverses [ROWS].
// Thread    a row.
// Order     over the columns from the first to the last, by fours.
// Caller    one thread a row, workgroups counted row by row through a 2-D grid.
// Twin      rmsNorm of src/nn/tensor/rms-twin.ts.

import constants::{ROWS, WIDTH4, EPSILON, ROW_THREADS};

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@if(joined) @group(0) @binding(1) var<storage, read> y: array<vec4f>;
@group(0) @binding(2) var<storage, read> w: array<vec4f>;
@if(joined) @group(0) @binding(3) var<storage, read_write> joint: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> h: array<vec4f>;
@if(kept) @group(0) @binding(5) var<storage, read_write> inverses: array<f32>;

@if(joined) fn value(at: u32) -> vec4f { return joint[at]; }
@if(!joined) fn value(at: u32) -> vec4f { return x[at]; }

@compute @workgroup_size(ROW_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let row = (group.y * groups.x + group.x) * ROW_THREADS + local;
  if (row >= ROWS) { return; }
  let first = row * WIDTH4;
  var squares = vec4f();
  for (var j = 0u; j < WIDTH4; j++) {
    @if(joined) { joint[first + j] = x[first + j] + y[first + j]; }
    let v = value(first + j);
    squares += v * v;
  }
  let inverse = 1.0 / sqrt(((squares.x + squares.y) + (squares.z + squares.w)) / f32(4u * WIDTH4) + EPSILON);
  @if(kept) { inverses[row] = inverse; }
  for (var j = 0u; j < WIDTH4; j++) { h[first + j] = w[j] * (value(first + j) * inverse); }
}
