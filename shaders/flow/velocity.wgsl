// The velocity network for the samples of a tile, each at its own time.
//
// Computes  v(x, t, observation), and the normal numbers of a sample.
// Bindings  0, 1 the network; 2 observations [rows][C], standardised.
// Workgroup as nn/mlp.wgsl.
// Random    key (seed, stream of the observation), counter (sample, draw · ceil(D / 2) + i / 2): neither chunk nor tile is part of it.
// Caller    calls velocity() from uniform control flow. A network that predicts something else (noise, the clean sample) would be turned into
//           a velocity here: they are linear in each other and in x.
// Twin      src/workloads/flow/sampling/twin.ts.

import package::flow::features::{CONTEXT, set_time};
import package::lib::normal::normal_from_bits;
import package::lib::rng::threefry2x32;
import package::nn::mlp::{neuron_group, sample_group};
@if(!quads) import package::nn::mlp::{meet, mlp, output, set_input};
@if(quads) import package::nn::mlp_quads::{meet, mlp, output, set_input};
import constants::{C, D};

struct Group {
  /// Row of the observation, number of the first sample of the group within it, stream of the observation.
  row: u32,
  sample: u32,
  stream: u32,
  unused: u32,
}

@group(0) @binding(2) var<storage, read> observations: array<f32>;

/// Normals of four samples for dimension i; `draw` counts the draws of a sample, 0 being its start.
fn normals(seed: u32, of_: Group, draw: u32, i: u32) -> vec4f {
  var values: vec4f;
  for (var c = 0u; c < 4u; c++) {
    let words = threefry2x32(vec2u(seed, of_.stream), vec2u(of_.sample + c, draw * ((D + 1u) / 2u) + i / 2u));
    values[c] = normal_from_bits(select(words.x, words.y, (i & 1u) == 1u));
  }
  return values;
}

/// v at (x, t) for the four samples of the thread's group.
fn velocity(x: array<vec4f, D>, t: vec4f, of_: Group, local: u32) -> array<vec4f, D> {
  let group = sample_group(local);
  if (neuron_group(local) == 0u) {
    for (var i = 0u; i < D; i++) { set_input(i, group, x[i]); }
    set_time(t, group);
    for (var i = 0u; i < C; i++) { set_input(CONTEXT + i, group, vec4f(observations[of_.row * C + i])); }
  }
  mlp(local);
  var v: array<vec4f, D>;
  for (var i = 0u; i < D; i++) { v[i] = output(i, group); }
  meet();
  return v;
}

fn along(x: array<vec4f, D>, v: array<vec4f, D>, by: f32) -> array<vec4f, D> {
  var y = x;
  for (var i = 0u; i < D; i++) { y[i] += by * v[i]; }
  return y;
}
