// The metric of every posterior from the curvature at its mode, and the start of the step-size adaptation.
//
// Computes  H = R Rᵀ, W = R^(−T), so that q = mode + W z makes the posterior nearly a unit Gaussian in z. Where a pivot fails or
//           (max R_ii / min R_ii)² > 1e8 the diagonal is used: W = diag(H_ii^(−½)).
// Bindings  2 settings, 3 control, 4 posteriors.
// Thread    one posterior; workgroups of METRIC_THREADS.
// Caller    has run the fit.
// Twin      src/workloads/shear/twin/metric.ts.

import package::lib::linalg::{cholesky, invert_lower};
import package::shear::posterior::settings;
import package::shear::state::{control, posteriors};
import constants::D;
import constants::METRIC_THREADS;

const MAX_CONDITION = 1e8;

@compute @workgroup_size(METRIC_THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let item = (group.y * groups.x + group.x) * METRIC_THREADS + local;
  if (item >= control.count) { return; }
  var r: array<f32, 64> = posteriors[item].hessian;
  var good = cholesky(&r, D);
  if (good) {
    var low = r[0];
    var high = r[0];
    for (var i = 1u; i < D; i++) {
      low = min(low, r[9u * i]);
      high = max(high, r[9u * i]);
    }
    good = (high / low) * (high / low) <= MAX_CONDITION;
  }
  if (good) { invert_lower(&r, D); }
  for (var i = 0u; i < D; i++) {
    for (var j = 0u; j < D; j++) {
      let diagonal = select(0.0, inverseSqrt(max(posteriors[item].hessian[9u * i], 1e-30)), i == j);
      // R⁻¹ is lower; W is its transpose.
      let transposed = select(0.0, r[8u * j + i], j >= i);
      posteriors[item].w[8u * i + j] = select(diagonal, transposed, good);
    }
  }
  let log_step = log(settings.initial_step);
  posteriors[item].log_step = log_step;
  posteriors[item].log_step_average = log_step;
  posteriors[item].h_average = 0.0;
  posteriors[item].updates = 0u;
}
