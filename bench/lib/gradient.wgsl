// The shipped gradient and nothing around it: how fast the sampler could be if it did nothing else.
//
// Computes  `steps` times: log density and gradient at q, then q += 1e-12 · gradient, so that each result feeds the next and none can be left out.
// Bindings  0 stamps, 1 components, 2 settings (those of shear/likelihood.wgsl and posterior.wgsl), 3 control (evaluations side by side, steps), 4 states.
// Workgroup EVALUATIONS_PER_WORKGROUP evaluations × LANES threads; CHAINS evaluations share a stamp.
// Thread    a lane of an evaluation; lane 0 writes its state.
// Caller    bounds `steps` where the driver bounds loops, and compares `visited` with what it asked for.
// Twin      src/workloads/shear/twin/posterior.ts (logDensity).

import package::shear::frame::eigenframe;
import package::shear::likelihood::{likelihood_sums, visited};
import package::shear::posterior::{gradient_at, point_at};
import package::shear::sums::total_sums;
import constants::{CHAINS, D, LANES, EVALUATIONS_PER_WORKGROUP};

struct State {
  q: array<f32, 8>,
  gradient: array<f32, 8>,
  log_density: f32,
  /// Pixels that lane 0 has visited, over all dispatches.
  visited: u32,
  /// Log amplitude, half-light radius (px), e1, e2, where they are not free.
  fixed: array<f32, 4>,
}

@group(0) @binding(3) var<uniform> control: vec4u;
@group(0) @binding(4) var<storage, read_write> states: array<State>;

const NEXT = 1e-12;

@compute @workgroup_size(LANES * EVALUATIONS_PER_WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let evaluation = local / LANES;
  let lane = local % LANES;
  let row = group.x * EVALUATIONS_PER_WORKGROUP + evaluation;
  let mine = min(row, control.x - 1u);
  let fixed = vec4f(states[mine].fixed[0], states[mine].fixed[1], states[mine].fixed[2], states[mine].fixed[3]);
  var q = states[mine].q;
  var gradient: array<f32, 8>;
  var log_density = 0.0;
  for (var step = 0u; step < control.y; step++) {
    let p = point_at(q, fixed);
    let frame = eigenframe(p.basic);
    let sums = total_sums(likelihood_sums(p.basic, frame, mine / CHAINS, evaluation, lane), local);
    gradient = gradient_at(p, frame, sums);
    log_density = p.log_prior - 0.5 * sums[0];
    for (var i = 0u; i < D; i++) { q[i] += NEXT * gradient[i]; }
  }
  if (row == mine && lane == 0u) {
    states[mine].q = q;
    states[mine].gradient = gradient;
    states[mine].log_density = log_density;
    states[mine].visited += visited;
  }
}
