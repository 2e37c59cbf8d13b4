// Backward of the residual sum and the modulated layer norm, a row at a time.
//
// Computes  dx = [dx +] r (e - mean(e) - n mean(e n)), e = (UNIT + k) dh, n = (x - mean) r: the slope by the residual sum, on top of what reaches it past
//           the norm (unless condition `last`: nothing does). Condition gated: dy = g dx, the slope by the branch that was added.
// Bindings  0 dh [ROWS][4 WIDTH4]; 1 x; 2 statistics [ROWS]; 3 modulations [cells][STRIDE4]; 4 dx; 5 gates [cells][GATE_STRIDE4]; 6 dy.
// Thread    a row.
// Caller    one thread a row, workgroups counted row by row through a 2-D grid.
// Twin      modulatedBackward of src/nn/tensor/twin.ts.

import constants::{ROWS, GENES, WIDTH4, UNIT, STRIDE4, SCALE4, GATE_STRIDE4, GATE4, ROW_THREADS};

@group(0) @binding(0) var<storage, read> dh: array<vec4f>;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> statistics: array<vec2f>;
@group(0) @binding(3) var<storage, read> modulations: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> dx: array<vec4f>;
@if(gated) @group(0) @binding(5) var<storage, read> gates: array<vec4f>;
@if(gated) @group(0) @binding(6) var<storage, read_write> dy: array<vec4f>;

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
  let mean = statistics[row].x;
  let inverse = statistics[row].y;
  var sums = vec4f();
  var products = vec4f();
  for (var j = 0u; j < WIDTH4; j++) {
    let e = (UNIT + modulations[cell * STRIDE4 + SCALE4 + j]) * dh[first + j];
    sums += e;
    products += e * ((x[first + j] - mean) * inverse);
  }
  let sum = ((sums.x + sums.y) + (sums.z + sums.w)) / f32(4u * WIDTH4);
  let product = ((products.x + products.y) + (products.z + products.w)) / f32(4u * WIDTH4);
  for (var j = 0u; j < WIDTH4; j++) {
    let e = (UNIT + modulations[cell * STRIDE4 + SCALE4 + j]) * dh[first + j];
    var slope = inverse * (e - sum - (x[first + j] - mean) * inverse * product);
    @if(!last) { slope += dx[first + j]; }
    dx[first + j] = slope;
    @if(gated) { dy[first + j] = gates[cell * GATE_STRIDE4 + GATE4 + j] * slope; }
  }
}
