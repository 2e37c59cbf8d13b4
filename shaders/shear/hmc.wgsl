// Lock-step HMC: whole transitions of every chain of the chunk in one dispatch.
//
// Computes  momentum, `integrator_steps` steps, accept with u < exp(−ΔH); while warming up one dual-averaging update a transition from the
//           chains' mean acceptance; then the draws. Integrators: Gaussian split (Shahbaba, Lan, Johnson & Neal 2014, §3.1), leapfrog (Duane et al. 1987),
//           two-stage minimal norm (McLachlan 1995; Blanes, Casas & Sanz-Serna 2014).
// Bindings  0 stamps, 1 components, 2 settings, 3 control, 4 posteriors, 5 chains, 6 keys, 7 draws [item][chain][draw][D + 4]: θ, log density, ΔH, H at the
//           start, acceptance.
// Workgroup POSTERIORS_PER_WORKGROUP posteriors × CHAINS chains × LANES threads: the chains of a posterior meet in it for the step size.
// Thread    a lane of a chain: every lane carries the same z, momentum and step; they share the pixels.
// Caller    bounds `steps` so that the dispatch stays short; never crosses the end of warm-up within a dispatch.
// Twin      src/workloads/shear/twin/hmc.ts.

import package::lib::float::is_finite;
import package::shear::density::{Density, density_at, unconstrained};
import package::shear::likelihood::visited;
import package::shear::posterior::{point_at, settings};
import package::shear::state::{chains, control, fixed_values, posteriors};
import package::shear::streams::{MOMENTUM, acceptance_uniform, normals};
import constants::{CHAINS, D, LANES, EVALUATIONS_PER_WORKGROUP};

@group(0) @binding(7) var<storage, read_write> draws: array<f32>;

var<workgroup> acceptances: array<f32, EVALUATIONS_PER_WORKGROUP>;

/// Kick of the two-stage integrator with the smallest error constant.
const B = 0.1931833275037836;
/// Hoffman & Gelman 2014: γ, t0, κ. γ is ten times theirs: the metric is known, the first step size is good, and 32 updates
/// with a few chains would otherwise only add noise (bench/NOTES.md).
const GAMMA = 0.5;
const T0 = 10.0;
const KAPPA = 0.75;

fn kinetic(p: array<f32, 8>) -> f32 {
  var total = 0.0;
  for (var i = 0u; i < D; i++) { total += p[i] * p[i]; }
  return 0.5 * total;
}

fn moved(x: array<f32, 8>, direction: array<f32, 8>, by: f32) -> array<f32, 8> {
  var y = x;
  for (var i = 0u; i < D; i++) { y[i] += by * direction[i]; }
  return y;
}

/// The same for every chain: 1 + jitter (2 v − 1), v the van der Corput sequence.
fn jitter(transition: u32) -> f32 {
  return 1.0 + settings.jitter * (2.0 * f32(reverseBits(transition + 1u)) * 0x1p-32f - 1.0);
}

/// The part of the force that the unit Gaussian does not explain: ∇ log p(z) + z.
fn residual_force(gradient: array<f32, 8>, z: array<f32, 8>) -> array<f32, 8> {
  return moved(gradient, z, 1.0);
}

/// (cos, sin) of an angle below 2 through the tangent of its half, a Padé approximant good to 1e-6. WGSL's own are good to 2⁻¹¹ only; here
/// cos² + sin² = 1 to rounding whatever the error of the angle, so the rotation keeps volume and energy.
fn rotation(angle: f32) -> vec2f {
  let x = 0.5 * angle;
  let xx = x * x;
  let t = x * (945.0 - 105.0 * xx + xx * xx) / (945.0 - 420.0 * xx + 15.0 * xx * xx);
  let scale = 1.0 / (1.0 + t * t);
  return vec2f((1.0 - t * t) * scale, 2.0 * t * scale);
}

@compute @workgroup_size(LANES * EVALUATIONS_PER_WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let evaluation = local / LANES;
  let lane = local % LANES;
  let row = (group.y * groups.x + group.x) * EVALUATIONS_PER_WORKGROUP + evaluation;
  let mine = min(row, control.count * CHAINS - 1u);
  let writes = row == mine && lane == 0u;
  let item = mine / CHAINS;
  let chain = mine % CHAINS;

  var z: array<f32, 8> = chains[mine].z;
  var now: Density;
  now.gradient = chains[mine].gradient;
  now.log_density = chains[mine].log_density;
  var transition = chains[mine].transition;
  var evaluations = 0u;
  var log_step = posteriors[item].log_step;
  var log_step_average = posteriors[item].log_step_average;
  var h_average = posteriors[item].h_average;
  var updates = posteriors[item].updates;
  var acceptance = 0.0;
  var step = 0.0;

  for (var i = 0u; i < control.steps; i++) {
    step = clamp(exp(select(log_step_average, log_step, control.warming == 1u)), settings.min_step, settings.max_step) * jitter(transition);
    var p = normals(item, chain, transition, MOMENTUM);
    let h0 = kinetic(p) - now.log_density;
    var position = z;
    var there = now;
    for (var s = 0u; s < control.integrator_steps; s++) {
      @if(gaussian_split) {
        p = moved(p, residual_force(there.gradient, position), 0.5 * step);
        let turn = rotation(step);
        for (var j = 0u; j < D; j++) {
          let x = position[j];
          position[j] = turn.x * x + turn.y * p[j];
          p[j] = turn.x * p[j] - turn.y * x;
        }
        there = density_at(position, item, evaluation, lane);
        p = moved(p, residual_force(there.gradient, position), 0.5 * step);
        evaluations += 1u;
      }
      @if(leapfrog) {
        p = moved(p, there.gradient, 0.5 * step);
        position = moved(position, p, step);
        there = density_at(position, item, evaluation, lane);
        p = moved(p, there.gradient, 0.5 * step);
        evaluations += 1u;
      }
      @if(minimal_norm) {
        p = moved(p, there.gradient, B * step);
        position = moved(position, p, 0.5 * step);
        there = density_at(position, item, evaluation, lane);
        p = moved(p, there.gradient, (1.0 - 2.0 * B) * step);
        position = moved(position, p, 0.5 * step);
        there = density_at(position, item, evaluation, lane);
        p = moved(p, there.gradient, B * step);
        evaluations += 2u;
      }
    }
    var delta_h = kinetic(p) - there.log_density - h0;
    // A lost trajectory counts as infinitely bad; 3e38 stands for infinity, which compilers may assume away.
    if (!is_finite(delta_h)) { delta_h = 3e38; }
    acceptance = min(1.0, exp(-max(delta_h, 0.0)));
    if (acceptance_uniform(item, chain, transition) < exp(-delta_h)) {
      z = position;
      now = there;
    }

    if (control.warming == 1u) {
      workgroupBarrier();
      if (lane == 0u) { acceptances[evaluation] = acceptance; }
      workgroupBarrier();
      var mean = 0.0;
      for (var c = 0u; c < CHAINS; c++) { mean += acceptances[evaluation - chain_slot(evaluation) + c]; }
      mean *= 1.0 / f32(CHAINS);
      updates += 1u;
      let n = f32(updates);
      h_average = (1.0 - 1.0 / (n + T0)) * h_average + (settings.target_acceptance - mean) / (n + T0);
      log_step = clamp(log(settings.initial_step) - sqrt(n) / GAMMA * h_average, log(settings.min_step), log(settings.max_step));
      let weight = exp(-KAPPA * log(n));
      log_step_average = weight * log_step + (1.0 - weight) * log_step_average;
    } else if (writes) {
      let q = unconstrained(z, item);
      let basic = point_at(q, fixed_values(item)).basic;
      let at = (mine * control.draws + transition - control.warmup) * (D + 4u);
      draws[at] = q[0];
      draws[at + 1u] = q[1];
      draws[at + 2u] = basic.xc;
      draws[at + 3u] = basic.yc;
      for (var j = 4u; j < D; j++) { draws[at + j] = q[j]; }
      draws[at + D] = now.log_density;
      draws[at + D + 1u] = delta_h;
      draws[at + D + 2u] = h0;
      draws[at + D + 3u] = acceptance;
    }
    transition += 1u;
  }

  if (writes) {
    chains[mine].z = z;
    chains[mine].gradient = now.gradient;
    chains[mine].log_density = now.log_density;
    chains[mine].acceptance = acceptance;
    chains[mine].step = step;
    chains[mine].transition = transition;
    chains[mine].evaluations += evaluations;
    chains[mine].visited += visited;
    if (chain == 0u && control.warming == 1u) {
      posteriors[item].log_step = log_step;
      posteriors[item].log_step_average = log_step_average;
      posteriors[item].h_average = h_average;
      posteriors[item].updates = updates;
    }
  }
}

/// Place of a chain within its posterior; workgroups hold whole posteriors, so this is also its place in the workgroup's list.
fn chain_slot(evaluation: u32) -> u32 {
  return evaluation % CHAINS;
}
