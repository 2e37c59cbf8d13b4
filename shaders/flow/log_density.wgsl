// Log density of given points under the flow: back along it from the point (t = 1) to the noise (t = 0), with the divergence on the way.
//
// Computes  log p(x1 | observation) = log N(x0; 0, I) - integral of div v(x_t, t) over t; div v = sum_i dv_i/dx_i exactly, by forward
//           differentiation in every direction. Condition midpoint or rk4; step i begins at
//           t = 1 - (i / steps)^2, so that steps are short where a narrow posterior takes its shape.
//           R. T. Q. Chen et al., Neural ordinary differential equations, NeurIPS 2018
// Bindings  0, 1 the network (condition dual); 2 observations [rows][C], standardised; 3 states [points][BLOCKS][D + 1]: position, integral of the
//           block's part of the trace; 12 control; 13 row of each point [points].
// Workgroup as nn/mlp.wgsl, but a vec4f is a point and three directions: a "sample group" is a block of three of a point's directions. All
//           blocks of a point walk the same way, bit for bit, and are added by the host.
// Order     each point stands alone: no companion changes its bits.
// Caller    splits steps between dispatches; writes positions and zeros before the first.
// Twin      src/workloads/flow/sampling/log-density-twin.ts.

import package::flow::features::{CONTEXT, set_time};
import package::nn::dual::fixed;
import package::nn::mlp::{meet, mlp, neuron_group, output, sample_group, set_input};
import constants::{C, D, SAMPLE_GROUPS, NEURON_GROUPS};

struct Control {
  /// Points in flight; steps in all, first of this dispatch, one past its last.
  points: u32,
  steps: u32,
  first: u32,
  last: u32,
}

@group(0) @binding(2) var<storage, read> observations: array<f32>;
@group(0) @binding(3) var<storage, read_write> states: array<f32>;
@group(0) @binding(12) var<uniform> control: Control;
@group(0) @binding(13) var<storage, read> rows: array<u32>;

const DIRECTIONS = 3u;
const BLOCKS = (D + DIRECTIONS - 1u) / DIRECTIONS;
/// Position, and what is integrated beside it.
const STATE = D + 1u;

// Stages that each need the one before alone.
@if(midpoint) const STAGES = 2u;
@if(midpoint) const NODES = array<f32, 2>(0.0, 0.5);
@if(midpoint) const WEIGHTS = array<f32, 2>(0.0, 1.0);
@if(rk4) const STAGES = 4u;
@if(rk4) const NODES = array<f32, 4>(0.0, 0.5, 0.5, 1.0);
@if(rk4) const WEIGHTS = array<f32, 4>(1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0);

/// 1 in the lane of direction i where that is one of the block's.
fn direction(i: u32, block: u32) -> vec3f {
  return select(vec3f(), vec3f(1.0), vec3u(i) == vec3u(DIRECTIONS * block) + vec3u(0u, 1u, 2u));
}

/// v at (x, t), and the trace over the directions of a block.
fn slope(x: array<f32, STATE>, t: f32, row: u32, block: u32, local: u32) -> array<f32, STATE> {
  let group = sample_group(local);
  if (neuron_group(local) == 0u) {
    for (var i = 0u; i < D; i++) {
      set_input(i, group, vec4f(x[i], direction(i, block)));
    }
    set_time(vec4f(t), group);
    for (var i = 0u; i < C; i++) { set_input(CONTEXT + i, group, fixed(vec4f(observations[row * C + i]))); }
  }
  mlp(local);
  var found: array<f32, STATE>;
  var trace = 0.0;
  for (var i = 0u; i < D; i++) {
    let v = output(i, group);
    found[i] = v.x;
    trace += dot(v.yzw, direction(i, block));
  }
  found[D] = trace;
  meet();
  return found;
}

@compute @workgroup_size(SAMPLE_GROUPS * NEURON_GROUPS)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(num_workgroups) tiles: vec3u, @builtin(local_invocation_index) local: u32) {
  let at = (tile.y * tiles.x + tile.x) * SAMPLE_GROUPS + sample_group(local);
  // A tile may reach beyond the last block: it computes the last one again and keeps nothing, so that all threads walk alike.
  let place = min(at, control.points * BLOCKS - 1u);
  let row = rows[place / BLOCKS];
  let block = place % BLOCKS;
  var x: array<f32, STATE>;
  var k: array<f32, STATE>;
  for (var i = 0u; i < STATE; i++) {
    x[i] = states[place * STATE + i];
    k[i] = 0.0;
  }
  var nodes = NODES;
  var weights = WEIGHTS;
  for (var step = control.first; step < control.last; step++) {
    let early = f32(step) / f32(control.steps);
    let late = f32(step + 1u) / f32(control.steps);
    let t = 1.0 - early * early;
    let h = late * late - early * early;
    var next = x;
    for (var s = 0u; s < STAGES; s++) {
      var y = x;
      for (var i = 0u; i < D; i++) { y[i] -= nodes[s] * h * k[i]; }
      k = slope(y, t - nodes[s] * h, row, block, local);
      for (var i = 0u; i < D; i++) { next[i] -= weights[s] * h * k[i]; }
      next[D] += weights[s] * h * k[D];
    }
    x = next;
  }
  if (at < control.points * BLOCKS && neuron_group(local) == 0u) {
    for (var i = 0u; i < STATE; i++) { states[at * STATE + i] = x[i]; }
  }
}
