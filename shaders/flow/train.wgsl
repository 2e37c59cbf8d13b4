// Forward and backward pass of flow matching for a tile of a training batch, simulations included.
//
// Computes  (theta, x) = simulation j of the task, j drawn from SIMULATIONS; t = 1 - (1 - u)^TIME_POWER, u ~ U(0, 1), e ~ N(0, I); theta_t = t theta + (1 - t) e in standardised
//           units; loss = mean (v(theta_t, t, x) - (theta - e))^2                  Y. Lipman et al., ICLR 2023, with straight paths
// Bindings  0, 1 the network; 2 losses [BATCH_GROUPS]; 3 scaling: mean and 1/sd of theta [D], then of x [C]; 4 trace; 8 state; 11 keys (simulations,
//           training); 12 the task's table, where it has one.
// Workgroup as nn/mlp.wgsl; one tile of the batch each.
// Random    key of the training: counter (step · BATCH + row, 0) gives j and u, (…, 1 + i) the normals e. Key of the simulations: the task's own.
// Twin      src/workloads/flow/training/twin.ts.

import package::flow::features::{CONTEXT, set_time};
import package::flow::simulate::simulate;
import package::lib::normal::normal_from_bits;
import package::lib::rng::{threefry2x32, uniform01};
import package::nn::mlp::{input, meet, mlp, neuron_group, output, sample_group, set_input, set_output};
import package::nn::mlp_backward::mlp_backward;
import package::nn::optimiser::state::state;
import package::nn::trace::{OUTPUT_ROWS, first_group, trace, trace_at};
import constants::{C, D, INPUTS, OUTPUTS, SAMPLE_GROUPS, NEURON_GROUPS, BATCH_GROUPS, SIMULATIONS, TIME_POWER};

@group(0) @binding(2) var<storage, read_write> losses: array<f32>;
@group(0) @binding(3) var<storage, read> scaling: array<vec2f>;
@group(0) @binding(11) var<uniform> keys: vec4u;

@compute @workgroup_size(SAMPLE_GROUPS * NEURON_GROUPS)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_index) local: u32) {
  first_group = tile.x * SAMPLE_GROUPS;
  let group = sample_group(local);
  let leads = neuron_group(local) == 0u;
  var target_: array<vec4f, D>;
  if (leads) {
    var position: array<vec4f, D>;
    var context: array<vec4f, C>;
    var time = vec4f();
    for (var c = 0u; c < 4u; c++) {
      let row = state.step * (4u * BATCH_GROUPS) + 4u * (first_group + group) + c;
      let drawn = threefry2x32(keys.zw, vec2u(row, 0u));
      var early = 1.0;
      for (var i = 0u; i < TIME_POWER; i++) { early *= 1.0 - uniform01(drawn.y); }
      let t = 1.0 - early;
      time[c] = t;
      var theta: array<f32, D>;
      var x: array<f32, C>;
      simulate(keys.xy, drawn.x % SIMULATIONS, &theta, &x);
      for (var i = 0u; i < D; i++) {
        let words = threefry2x32(keys.zw, vec2u(row, 1u + i / 2u));
        let noise = normal_from_bits(select(words.x, words.y, (i & 1u) == 1u));
        let value = (theta[i] - scaling[i].x) * scaling[i].y;
        position[i][c] = t * value + early * noise;
        target_[i][c] = value - noise;
      }
      for (var i = 0u; i < C; i++) { context[i][c] = (x[i] - scaling[D + i].x) * scaling[D + i].y; }
    }
    for (var i = 0u; i < D; i++) { set_input(i, group, position[i]); }
    set_time(time, group);
    for (var i = 0u; i < C; i++) { set_input(CONTEXT + i, group, context[i]); }
    for (var i = 0u; i < INPUTS; i++) { trace[trace_at(i, group)] = input(i, group); }
  }
  mlp(local);
  if (leads) {
    var loss = vec4f();
    // The mean over batch and dimensions, times the loss scale.
    let slope = 2.0 * state.scale / f32(4u * BATCH_GROUPS * D);
    for (var i = 0u; i < OUTPUTS; i++) {
      var by_output = vec4f();
      if (i < D) {
        let error = output(i, group) - target_[i];
        loss += error * error;
        by_output = slope * error;
      }
      set_output(i, group, by_output);
      trace[trace_at(OUTPUT_ROWS + i, group)] = by_output;
    }
    losses[first_group + group] = (loss.x + loss.y) + (loss.z + loss.w);
  }
  meet();
  mlp_backward(local);
}
