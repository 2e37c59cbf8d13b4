// Refreshes the metric once, half-way through warm-up, from the pooled covariance of all chains of a posterior.
//
// Computes  S = covariance of z, S ← n/(n+5d) S + 5d/(n+5d) I, S = L Lᵀ; W ← W L, z ← L⁻¹ z, ∇_z ← Lᵀ ∇_z; the averaging of step sizes starts anew.
//           q does not move. Skipped where a pivot fails.
// Bindings  2 settings, 3 control (collect_from and warmup tell n), 4 posteriors, 5 chains.
// Thread    one posterior; workgroups of 64.
// Caller    runs it after transition warmup/2 − 1.
// Twin      src/workloads/shear/twin/metric.ts (rewhiten).

import package::lib::linalg::{cholesky, solve_lower};
import package::shear::posterior::{Vec, settings};
import package::shear::state::{chains, control, posteriors};
import constants::{CHAINS, D};

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let item = (group.y * groups.x + group.x) * 64u + local;
  if (item >= control.count) { return; }
  let n = f32(CHAINS * (control.warmup / 2u - control.collect_from));
  var mean: Vec;
  // Not `Mat` and `Vec`: Naga takes an alias behind a pointer for a type of its own.
  var s: array<f32, 64>;
  for (var c = 0u; c < CHAINS; c++) {
    let mine = item * CHAINS + c;
    var at = 0u;
    for (var i = 0u; i < D; i++) {
      mean[i] += chains[mine].sum[i] / n;
      for (var j = 0u; j <= i; j++) {
        s[8u * i + j] += chains[mine].products[at] / n;
        at += 1u;
      }
    }
  }
  let shrink = 5.0 * f32(D) / (n + 5.0 * f32(D));
  for (var i = 0u; i < D; i++) {
    for (var j = 0u; j <= i; j++) {
      s[8u * i + j] = (1.0 - shrink) * (s[8u * i + j] - mean[i] * mean[j]);
    }
    s[9u * i] += shrink;
  }
  if (cholesky(&s, D)) {
    for (var i = 0u; i < D; i++) {
      // Row i of W L: columns of W at and right of j meet the lower triangle of L.
      var row = Vec();
      for (var j = 0u; j < D; j++) {
        for (var k = j; k < D; k++) { row[j] += posteriors[item].w[8u * i + k] * s[8u * k + j]; }
      }
      for (var j = 0u; j < D; j++) { posteriors[item].w[8u * i + j] = row[j]; }
    }
    for (var c = 0u; c < CHAINS; c++) {
      let mine = item * CHAINS + c;
      var z: array<f32, 8> = chains[mine].z;
      solve_lower(&s, D, &z);
      chains[mine].z = z;
      var gradient = Vec();
      for (var j = 0u; j < D; j++) {
        for (var k = j; k < D; k++) { gradient[j] += s[8u * k + j] * chains[mine].gradient[k]; }
      }
      chains[mine].gradient = gradient;
    }
  }
  posteriors[item].log_step = log(settings.initial_step);
  posteriors[item].h_average = 0.0;
  posteriors[item].updates = 0u;
}
