// Sums of runs of a list.
//
// Computes  y[i] = x[i RUN] + … + x[(i + 1) RUN - 1], from the first to the last.
// Bindings  0 x [SUMS RUN]; 1 y [SUMS].
// Thread    a sum.
// Caller    one thread each of SUMS, workgroups counted row by row.
// Twin      the loss of src/nn/tensor/twin.ts (crossEntropy).

import constants::{SUMS, RUN, ROW_THREADS};

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(ROW_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let at = (group.y * groups.x + group.x) * ROW_THREADS + local;
  if (at >= SUMS) { return; }
  var sum = 0.0;
  for (var i = at * RUN; i < (at + 1u) * RUN; i++) { sum += x[i]; }
  y[at] = sum;
}
