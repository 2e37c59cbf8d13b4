// The gradient of a tensor from its parts.
//
// Computes  gradient[place + i] = sum over s of parts[s][i], from the first part to the last.
// Bindings  0 parts [SPLITS][LENGTH4]; 1 gradient; 2 place: where the tensor begins in the gradient, in vec4f.
// Thread    four numbers.
// Caller    one thread each LENGTH4, workgroups counted row by row through a 2-D grid.
// Twin      the sums of src/nn/tensor/twin.ts.

import constants::{LENGTH4, SPLITS, SUM_THREADS};

@group(0) @binding(0) var<storage, read> parts: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> gradient: array<vec4f>;
@group(0) @binding(2) var<uniform> place: vec4u;

@compute @workgroup_size(SUM_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * SUM_THREADS + local;
  if (index >= LENGTH4) { return; }
  var sum = parts[index];
  for (var s = 1u; s < SPLITS; s++) { sum += parts[s * LENGTH4 + index]; }
  gradient[place.x + index] = sum;
}
