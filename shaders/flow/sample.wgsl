// Posterior sampling along the flow: whole stretches of solver steps for every sample of a tile in one dispatch.
//
// Computes  dx/dt = v(x, t, observation) from t = 0 (a unit Gaussian) to t = 1 in `steps` steps, shorter ones later for power > 1: condition euler,
//           midpoint, heun or rk4.
//           Conditions zero_ends and non_singular: the stochastic equations with the same marginals, Euler-Maruyama,
//           dx = (v + g^2 s / 2) dt + g dW, s = (t v - x) / (1 - t) the score; g = alpha sqrt(t (1 - t)), or alpha sqrt(1 - t).
//           Conditions edm and vp_sde: other Gaussian paths, rescaled to this one, x <- a x + b v (+ c dW) by a table of coefficients
//           (src/workloads/flow/sampling/schedule.ts).
// Bindings  0, 1 the network; 2 observations [rows][C], standardised; 3 positions [groups][D], four samples a vec4f; 4 schedule [steps] (edm, vp_sde); 12 control; 13 row of
//           each sample group [groups]: observation row, number of its first sample.
// Workgroup as nn/mlp.wgsl.
// Random    key (seed, stream of the observation), counter (sample, step · D / 2 …): neither chunk nor tile is part of it.
// Order     each sample stands alone: bits depend on seed, observation, sample number and kernel shape's sums, never on companions.
// Caller    splits steps between dispatches; the first stretch starts from the noise.
// Twin      src/workloads/flow/sampling/twin.ts.

import package::flow::velocity::{Group, along, normals, velocity};
import package::nn::mlp::{neuron_group, sample_group};
@if(quads) import package::nn::mlp_quads::lane;
import constants::{D, SAMPLE_GROUPS, NEURON_GROUPS};

// Explicit Runge-Kutta methods whose stage s + 1 starts from the slope of stage s alone: nodes c, weights b.
@if(euler) const STAGES = 1u;
@if(euler) const NODES = array<f32, 1>(0.0);
@if(euler) const WEIGHTS = array<f32, 1>(1.0);
@if(midpoint) const STAGES = 2u;
@if(midpoint) const NODES = array<f32, 2>(0.0, 0.5);
@if(midpoint) const WEIGHTS = array<f32, 2>(0.0, 1.0);
@if(heun) const STAGES = 2u;
@if(heun) const NODES = array<f32, 2>(0.0, 1.0);
@if(heun) const WEIGHTS = array<f32, 2>(0.5, 0.5);
@if(rk4) const STAGES = 4u;
@if(rk4) const NODES = array<f32, 4>(0.0, 0.5, 0.5, 1.0);
@if(rk4) const WEIGHTS = array<f32, 4>(1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0);

struct Control {
  /// Sample groups in flight; steps in all, first of this dispatch, one past its last.
  groups: u32,
  steps: u32,
  first: u32,
  last: u32,
  seed: u32,
  alpha: f32,
  /// Standard deviation of the start.
  start: f32,
  /// Step i begins where 1 - t = (1 - i / steps)^power.
  power: u32,
}

@group(0) @binding(3) var<storage, read_write> positions: array<vec4f>;
/// edm: t, t of the next step, weights of both slopes. vp_sde: t, factors of position, velocity and noise.
@if(edm || vp_sde) @group(0) @binding(4) var<storage, read> schedule: array<vec4f>;
@group(0) @binding(12) var<uniform> control: Control;
@group(0) @binding(13) var<storage, read> groups: array<Group>;

/// 1 - t where a step begins.
fn left(step: u32) -> f32 {
  let share = f32(control.steps - step) / f32(control.steps);
  var value = 1.0;
  for (var i = 0u; i < control.power; i++) { value *= share; }
  return value;
}

@compute @workgroup_size(SAMPLE_GROUPS * NEURON_GROUPS)
fn main(
  @builtin(workgroup_id) tile: vec3u,
  @builtin(num_workgroups) tiles: vec3u,
  @builtin(local_invocation_index) local: u32,
  @if(quads) @builtin(subgroup_invocation_id) lane_: u32,
) {
  @if(quads) { lane = lane_; }
  let at = (tile.y * tiles.x + tile.x) * SAMPLE_GROUPS + sample_group(local);
  // A tile may reach beyond the last group: it computes the last one again and keeps nothing, so that all threads walk alike.
  let place = min(at, control.groups - 1u);
  let of_ = groups[place];
  var x: array<vec4f, D>;
  for (var i = 0u; i < D; i++) {
    if (control.first == 0u) { x[i] = control.start * normals(control.seed, of_, 0u, i); } else { x[i] = positions[place * D + i]; }
  }
  for (var step = control.first; step < control.last; step++) {
    @if(!edm && !vp_sde) let rest = left(step);
    @if(!edm && !vp_sde) let t = 1.0 - rest;
    @if(!edm && !vp_sde) let h = rest - left(step + 1u);
    @if(edm || vp_sde) let row = schedule[step];
    @if(euler || midpoint || heun || rk4) {
      // One call of the network for all stages: drivers compile it once.
      var next = x;
      var y = x;
      for (var stage = 0u; stage < STAGES; stage++) {
        let k = velocity(y, vec4f(t + NODES[stage] * h), of_, local);
        next = along(next, k, WEIGHTS[stage] * h);
        y = along(x, k, NODES[min(stage + 1u, STAGES - 1u)] * h);
      }
      x = next;
    }
    @if(zero_ends || non_singular) {
      let v = velocity(x, vec4f(t), of_, local);
      @if(zero_ends) let g2 = control.alpha * control.alpha * t * rest;
      @if(non_singular) let g2 = control.alpha * control.alpha * rest;
      var next = x;
      for (var i = 0u; i < D; i++) {
        // g^2 s / 2 with the 1 - t of the score divided out.
        let pull = 0.5 * (g2 / rest) * (t * v[i] - x[i]);
        next[i] += h * (v[i] + pull) + sqrt(g2 * h) * normals(control.seed, of_, 1u + step, i);
      }
      x = next;
    }
    @if(edm) {
      let k1 = velocity(x, vec4f(row.x), of_, local);
      let ahead = along(x, k1, row.z + row.w);
      // The last step ends without noise, where Karras et al. stay with Euler's step.
      if (step + 1u < control.steps) {
        let k2 = velocity(ahead, vec4f(row.y), of_, local);
        x = along(along(x, k1, row.z), k2, row.w);
      } else {
        x = ahead;
      }
    }
    @if(vp_sde) {
      let v = velocity(x, vec4f(row.x), of_, local);
      for (var i = 0u; i < D; i++) {
        x[i] = row.y * x[i] + row.z * v[i] + row.w * normals(control.seed, of_, 1u + step, i);
      }
    }
  }
  if (at < control.groups && neuron_group(local) == 0u) {
    for (var i = 0u; i < D; i++) { positions[at * D + i] = x[i]; }
  }
}
