// SiLU of a list of numbers, or its backward step.
//
// Computes  y = x / (1 + exp(-x)); condition backward: y <- y s (1 + x (1 - s)), s = 1 / (1 + exp(-x)).
// Bindings  0 x, 1 y [LENGTH4].
// Thread    four numbers.
// Caller    one thread each of LENGTH4, workgroups counted row by row.
// Twin      silu of src/nn/score-network/twin-backward.ts.

import constants::{LENGTH4, ROW_THREADS};

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(ROW_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let at = (group.y * groups.x + group.x) * ROW_THREADS + local;
  if (at >= LENGTH4) { return; }
  let share = 1.0 / (1.0 + exp(-x[at]));
  @if(backward) { y[at] = y[at] * (share * (1.0 + x[at] * (1.0 - share))); }
  @if(!backward) { y[at] = x[at] * share; }
}
