// Log density of one chain's position z and its gradient there: transform, pixel loop, sum, chain rule.
//
// Computes  log p(z) = −½ Σ(r² − 1) + log prior(q), q = mode + W z;  ∇_z = Wᵀ ∇_q.
// Bindings  those of likelihood.wgsl, posterior.wgsl and state.wgsl.
// Thread    every lane of the chain gets the same numbers.
// Caller    is in uniform control flow. A point outside the prior's support has log density −3e38.
// Twin      src/workloads/shear/twin/hmc.ts.

import package::shear::frame::eigenframe;
import package::shear::likelihood::likelihood_sums;
import package::shear::posterior::{gradient_at, point_at};
import package::shear::state::{fixed_values, posteriors};
import package::shear::sums::total_sums;
import constants::{D, LANES};

const OUTSIDE: f32 = -3e38;

struct Density {
  log_density: f32,
  gradient: array<f32, 8>,
}

fn unconstrained(z: array<f32, 8>, item: u32) -> array<f32, 8> {
  var q: array<f32, 8>;
  for (var i = 0u; i < D; i++) {
    var total = posteriors[item].mode[i];
    for (var j = 0u; j < D; j++) { total += posteriors[item].w[8u * i + j] * z[j]; }
    q[i] = total;
  }
  return q;
}

fn density_at(z: array<f32, 8>, item: u32, evaluation: u32, lane: u32) -> Density {
  let p = point_at(unconstrained(z, item), fixed_values(item));
  let frame = eigenframe(p.basic);
  let sums = total_sums(likelihood_sums(p.basic, frame, item, evaluation, lane), evaluation * LANES + lane);
  let dq = gradient_at(p, frame, sums);
  var density: Density;
  density.log_density = select(OUTSIDE, p.log_prior - 0.5 * sums[0], p.inside);
  for (var j = 0u; j < D; j++) {
    var total = 0.0;
    for (var i = 0u; i < D; i++) { total += posteriors[item].w[8u * i + j] * dq[i]; }
    density.gradient[j] = total;
  }
  return density;
}
