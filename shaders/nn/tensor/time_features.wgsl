// Sines and cosines of a number, at frequencies that fall geometrically.
//
// Computes  y[c] = sin(sigma_c f_i) for i < FEATURES / 2, then cos(sigma_c f_i); f_i from a table (1e4^(-2 i / FEATURES)). Angles are brought into half turns: sigma
//           is at most some tens.
// Bindings  0 sigma [CELLS]; 1 frequencies [FEATURES / 2], over pi; 2 y [CELLS][FEATURES].
// Thread    one frequency of a cell.
// Caller    one thread each of CELLS FEATURES / 2, workgroups counted row by row.
// Accuracy  1e-6 absolute at sigma = 7.
// Twin      timeFeatures of src/nn/score-network/spec.ts.

import package::lib::trig::{cos_half_turns, sin_half_turns};
import constants::{CELLS, FEATURES, ROW_THREADS};

@group(0) @binding(0) var<storage, read> sigma: array<f32>;
@group(0) @binding(1) var<storage, read> frequencies: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(ROW_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let at = (group.y * groups.x + group.x) * ROW_THREADS + local;
  if (at >= CELLS * FEATURES / 2u) { return; }
  let cell = at / (FEATURES / 2u);
  let i = at % (FEATURES / 2u);
  let turns = sigma[cell] * frequencies[i];
  let whole = floor(turns);
  // Every second half turn changes the sign of both.
  let sign = select(1.0, -1.0, (u32(whole) & 1u) == 1u);
  let u = vec4f(turns - whole);
  y[cell * FEATURES + i] = sign * sin_half_turns(u).x;
  y[cell * FEATURES + FEATURES / 2u + i] = sign * cos_half_turns(u).x;
}
