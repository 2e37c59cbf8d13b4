// A gated unit: SiLU of one half of a row times the other, or its backward step.
//
// Computes  y = silu(g) u, silu(g) = g s, s = 1 / (1 + exp(-g)); condition backward: dg = dy u s (1 + g (1 - s)), du = dy silu(g).
//                                                                       N. Shazeer, GLU variants improve transformer (2020): SwiGLU
// Bindings  0 x [ROWS][2][4 HIDDEN4]: g, u; 1 y, or dy [ROWS][4 HIDDEN4]; 2 dx, as x (backward).
// Thread    four units of a row.
// Caller    one thread each of ROWS HIDDEN4, workgroups counted row by row.
// Twin      siluGate, siluGateBackward of src/nn/tensor/rms-twin.ts.

import constants::{ROWS, HIDDEN4, ROW_THREADS};

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@if(!backward) @group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@if(backward) @group(0) @binding(1) var<storage, read> dy: array<vec4f>;
@if(backward) @group(0) @binding(2) var<storage, read_write> dx: array<vec4f>;

@compute @workgroup_size(ROW_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * ROW_THREADS + local;
  if (index >= ROWS * HIDDEN4) { return; }
  let at = (index / HIDDEN4) * 2u * HIDDEN4 + index % HIDDEN4;
  let g = x[at];
  let u = x[at + HIDDEN4];
  let share = 1.0 / (1.0 + exp(-g));
  @if(!backward) { y[index] = g * share * u; }
  @if(backward) {
    dx[at] = dy[index] * u * (share * (1.0 + g * (1.0 - share)));
    dx[at + HIDDEN4] = dy[index] * (g * share);
  }
}
