// Levenberg–Marquardt fit of every posterior of the chunk: the mode and the Gauss–Newton curvature there.
//
// Computes  steps of (H + λ diag H) δ = ∇f, H = JᵀJ/σ² + P, |δ| clipped; the trial is taken where f does not fall, λ ← 0.3 λ, else λ ← 5 λ.
// Bindings  0 stamps, 1 components, 2 settings, 3 control (steps = evaluations of this dispatch), 4 posteriors.
// Workgroup POSTERIORS_PER_WORKGROUP posteriors × LANES threads; the lanes of a posterior share its pixels.
// Thread    sums its pixels; lane 0 solves the d × d system for all.
// Caller    has put the start into `trial`, f = −3e38, λ = 1e-2. Thirteen evaluations make twelve steps.
// Twin      src/workloads/shear/twin/fit.ts.

import package::lib::float::is_finite;
import package::lib::linalg::{cholesky, solve_lower, solve_lower_transposed};
import package::shear::frame::{Frame, eigenframe};
import package::shear::likelihood::{Sums, likelihood_sums, visited};
import package::shear::posterior::{Point, eigen_column, gradient_at, point_at};
import package::shear::state::{control, fixed_values, posteriors};
import package::shear::sums::total_sums;
import constants::{D, LANES, EVALUATIONS_PER_WORKGROUP};

/// A trial may be this much worse in f (0.04 σ): near the mode f32 noise decides, and a Gauss–Newton step is better informed than it.
const TOLERANCE = 1e-3;

/// Largest step of coordinate i: g and e 0.2, logits 2, logarithms 0.7.
fn clip(i: u32) -> f32 {
  return select(select(0.2, 0.7, i == 4u || i == 5u), 2.0, i == 2u || i == 3u);
}

/// Lower triangle of H = Lᵀ (JᵀJ) L + P.
fn curvature(p: Point, frame: Frame, sums: Sums) -> array<f32, 64> {
  var h: array<f32, 64>;
  for (var i = 0u; i < D; i++) {
    let left = eigen_column(p, frame, i);
    // (JᵀJ) · left, from the upper triangle stored row by row.
    var product = array<f32, 6>();
    var n = 7u;
    for (var a = 0u; a < 6u; a++) {
      for (var b = a; b < 6u; b++) {
        product[a] += sums[n] * left[b];
        if (b != a) { product[b] += sums[n] * left[a]; }
        n += 1u;
      }
    }
    for (var j = 0u; j <= i; j++) {
      let right = eigen_column(p, frame, j);
      var total = 0.0;
      for (var a = 0u; a < 6u; a++) { total += product[a] * right[a]; }
      h[8u * i + j] = total;
    }
    h[9u * i] += p.prior_precision[i];
  }
  return h;
}

fn next_trial(item: u32) {
  let lambda = posteriors[item].lambda;
  var a: array<f32, 64> = posteriors[item].hessian;
  var delta: array<f32, 8> = posteriors[item].gradient;
  for (var i = 0u; i < D; i++) { a[9u * i] *= 1.0 + lambda; }
  let solved = cholesky(&a, D);
  if (solved) {
    solve_lower(&a, D, &delta);
    solve_lower_transposed(&a, D, &delta);
  }
  for (var i = 0u; i < D; i++) {
    let step = select(0.0, clamp(delta[i], -clip(i), clip(i)), solved && is_finite(delta[i]));
    posteriors[item].trial[i] = posteriors[item].mode[i] + step;
  }
}

@compute @workgroup_size(LANES * EVALUATIONS_PER_WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let evaluation = local / LANES;
  let lane = local % LANES;
  let posterior = (group.y * groups.x + group.x) * EVALUATIONS_PER_WORKGROUP + evaluation;
  let owner = posterior < control.count && lane == 0u;
  let item = min(posterior, control.count - 1u);
  for (var step = 0u; step < control.steps; step++) {
    storageBarrier();
    let q: array<f32, 8> = posteriors[item].trial;
    let p = point_at(q, fixed_values(item));
    let frame = eigenframe(p.basic);
    let sums = total_sums(likelihood_sums(p.basic, frame, item, evaluation, lane), local);
    // All lanes have read the trial (likelihood and sums hold barriers where lanes share a posterior).
    if (owner) {
      let f = p.log_prior - 0.5 * sums[0];
      let first = posteriors[item].evaluations == 0u;
      let better = p.inside && is_finite(f) && f > posteriors[item].f - TOLERANCE;
      if (better) {
        posteriors[item].mode = q;
        posteriors[item].f = f;
        posteriors[item].chi = sums[0];
        posteriors[item].gradient = gradient_at(p, frame, sums);
        posteriors[item].hessian = curvature(p, frame, sums);
      }
      if (!first) { posteriors[item].lambda *= select(5.0, 0.3, better); }
      posteriors[item].evaluations += 1u;
      next_trial(item);
    }
  }
  if (owner) { posteriors[item].visited += visited; }
}
