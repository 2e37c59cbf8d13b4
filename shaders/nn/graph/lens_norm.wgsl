// Any value of the residual stream through the last norm, beside what the model made of its own.
//
// Computes  y = weight (x - mean) / s + bias, s^2 = mean (x - mean)^2 + EPSILON. Conditions `rms`: no mean; `biased`.
// Bindings  1 x [position][WIDTH filled to fours]; 3 weight from number WEIGHT_SKIP on; 4 bias from number BIAS_SKIP on; 7 batch; 8 y as x.
// Thread    one position.
// Order     from the first number to the last.
// Caller    one thread a position, workgroups counted row by row.
// Twin      normForward of src/nn/graph/twin/norm.ts.

import package::nn::graph::batch::token_count;
import constants::{WIDTH, EPSILON, WEIGHT_SKIP, BIAS_SKIP, THREADS};

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(3) var<storage, read> weight: array<f32>;
@if(biased) @group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(8) var<storage, read_write> y: array<f32>;

const STRIDE = (WIDTH + 3u) / 4u * 4u;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let position = (group.y * groups.x + group.x) * THREADS + local;
  if (position >= token_count()) { return; }
  let start = position * STRIDE;
  var mean = 0.0;
  @if(!rms) {
    for (var i = 0u; i < WIDTH; i++) { mean += x[start + i]; }
    mean /= f32(WIDTH);
  }
  var squares = 0.0;
  for (var i = 0u; i < WIDTH; i++) { squares += (x[start + i] - mean) * (x[start + i] - mean); }
  let inverse = 1.0 / sqrt(squares / f32(WIDTH) + EPSILON);
  for (var i = 0u; i < STRIDE; i++) {
    var value = 0.0;
    if (i < WIDTH) {
      value = weight[WEIGHT_SKIP + i] * ((x[start + i] - mean) * inverse);
      @if(biased) { value += bias[BIAS_SKIP + i]; }
    }
    y[start + i] = value;
  }
}
