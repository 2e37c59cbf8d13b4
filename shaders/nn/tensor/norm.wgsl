// The residual sum and the layer norm behind it, modulated by the row's cell.
//
// Computes  x' = x + g y (condition joined; `gated`, else g = 1); h = (UNIT + k) (x' - mean) / sqrt(variance + EPSILON) + s. s, k and g lie at SHIFT4, SCALE4
//           and GATE4 of the cell's modulations. Condition `kept`: mean and 1 / sqrt(…) stay in `statistics`.
// Bindings  0 x [ROWS][4 WIDTH4]; 1 y; 2 gates [cells][GATE_STRIDE4]; 3 modulations [cells][STRIDE4]; 4 x', 5 h, 6 statistics [ROWS].
// Thread    a row. Two passes: the variance is of what lies around the mean.
// Caller    one thread a row, workgroups counted row by row through a 2-D grid.
// Twin      rowStatistics, modulated of src/nn/tensor/twin.ts.

import constants::{ROWS, GENES, WIDTH4, EPSILON, UNIT, STRIDE4, SHIFT4, SCALE4, GATE_STRIDE4, GATE4, ROW_THREADS};

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@if(joined) @group(0) @binding(1) var<storage, read> y: array<vec4f>;
@if(gated) @group(0) @binding(2) var<storage, read> gates: array<vec4f>;
@group(0) @binding(3) var<storage, read> modulations: array<vec4f>;
@if(joined) @group(0) @binding(4) var<storage, read_write> joint: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> h: array<vec4f>;
@if(kept) @group(0) @binding(6) var<storage, read_write> statistics: array<vec2f>;

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
  let cell = row / GENES;
  var sum = vec4f();
  for (var j = 0u; j < WIDTH4; j++) {
    var v = x[first + j];
    @if(joined) {
      @if(gated) { v += gates[cell * GATE_STRIDE4 + GATE4 + j] * y[first + j]; }
      @if(!gated) { v += y[first + j]; }
      joint[first + j] = v;
    }
    sum += v;
  }
  let mean = ((sum.x + sum.y) + (sum.z + sum.w)) / f32(4u * WIDTH4);
  var squares = vec4f();
  for (var j = 0u; j < WIDTH4; j++) {
    let away = value(first + j) - mean;
    squares += away * away;
  }
  let inverse = 1.0 / sqrt(((squares.x + squares.y) + (squares.z + squares.w)) / f32(4u * WIDTH4) + EPSILON);
  @if(kept) { statistics[row] = vec2f(mean, inverse); }
  for (var j = 0u; j < WIDTH4; j++) {
    let scale = UNIT + modulations[cell * STRIDE4 + SCALE4 + j];
    h[first + j] = scale * ((value(first + j) - mean) * inverse) + modulations[cell * STRIDE4 + SHIFT4 + j];
  }
}
