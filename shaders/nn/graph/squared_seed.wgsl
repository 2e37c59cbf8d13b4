// Seed of the Gauss-Newton matrix of a squared error, and the derivative of its own seed 2 w (y - target) along a direction.
//
// Computes  2 w z', w the weight of a row.
// Bindings  1 z' [position][4 WIDTH4]; 4 w [position]; 7 batch; 8 the adjoint as z'.
// Thread    four outputs.
// Caller    positions WIDTH4 threads, workgroups counted row by row.
// Twin      plantSeed of src/nn/graph/twin/output.ts.

import package::nn::graph::batch::token_count;
import constants::{WIDTH4, THREADS};

@group(0) @binding(1) var<storage, read> dz: array<vec4f>;
@group(0) @binding(4) var<storage, read> weights: array<f32>;
@group(0) @binding(8) var<storage, read_write> adjoint: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let at = (group.y * groups.x + group.x) * THREADS + local;
  if (at >= token_count() * WIDTH4) { return; }
  adjoint[at] = 2.0 * weights[at / WIDTH4] * dz[at];
}
