// Backward of the residual sum and the RMS norm, a row at a time.
//
// Computes  dx = [dx +] r (e - n mean(e n)), e = w dh, n = x r: the slope by the residual sum, on top of what reaches it past the norm (unless condition
//           `last`: nothing does).
// Bindings  0 dh [ROWS][4 WIDTH4]; 1 x; 2 w [4 WIDTH4]; 3 inverses (r) [ROWS]; 4 dx.
// Thread    a row.
// Order     over the columns from the first to the last, by fours.
// Caller    one thread a row, workgroups counted row by row through a 2-D grid.
// Twin      rmsNormBackward of src/nn/tensor/rms-twin.ts.

import constants::{ROWS, WIDTH4, ROW_THREADS};

@group(0) @binding(0) var<storage, read> dh: array<vec4f>;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> w: array<vec4f>;
@group(0) @binding(3) var<storage, read> inverses: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx: array<vec4f>;

@compute @workgroup_size(ROW_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let row = (group.y * groups.x + group.x) * ROW_THREADS + local;
  if (row >= ROWS) { return; }
  let first = row * WIDTH4;
  let inverse = inverses[row];
  var products = vec4f();
  for (var j = 0u; j < WIDTH4; j++) { products += w[j] * dh[first + j] * (x[first + j] * inverse); }
  let product = ((products.x + products.y) + (products.z + products.w)) / f32(4u * WIDTH4);
  for (var j = 0u; j < WIDTH4; j++) {
    var slope = inverse * (w[j] * dh[first + j] - x[first + j] * inverse * product);
    @if(!last) { slope += dx[first + j]; }
    dx[first + j] = slope;
  }
}
