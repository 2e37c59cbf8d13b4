// Norms of the row of a text that is the thread's own.
//
// Computes  RMS: y = w x / sqrt(mean x^2 + epsilon); layer: y = w (x - mean) / sqrt(mean (x - mean)^2 + epsilon) + b. w holds the unit that is added to it.
// Bindings  those of fused_lanes_matrix.wgsl and fused_lanes_state.wgsl.
// Thread    each call stands alone. Rows are filled up with zeros to fours, and so are weights.
// Order     four sums, each of every fourth number, then (0 + 1) + (2 + 3).
// Caller    fused_lanes.wgsl.
// Twin      src/nn/transformer/host/pass.ts, in f64.

import package::nn::transformer::fused_lanes_matrix::vectors;
import package::nn::transformer::fused_lanes_state::scratch;
import constants::{STATE4, WIDTH, WIDTH4, EPSILON};

fn added(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }

/// `weight` and `bias`: where they lie in `vectors`.
fn normed(slot: u32, row: u32, to: u32, weight: u32, bias: u32) {
  let x = slot * STATE4 + row;
  let y = slot * STATE4 + to;
  var middle = 0.0;
  @if(layer_norm) {
    var sum = vec4f();
    for (var k = 0u; k < WIDTH4; k++) { sum += scratch[x + k]; }
    middle = added(sum) / f32(WIDTH);
  }
  var squares = vec4f();
  for (var k = 0u; k < WIDTH4; k++) {
    @if(layer_norm) let away = select(vec4f(), scratch[x + k] - middle, vec4u(4u * k) + vec4u(0u, 1u, 2u, 3u) < vec4u(WIDTH));
    @if(!layer_norm) let away = scratch[x + k];
    squares = fma(away, away, squares);
  }
  let root = inverseSqrt(added(squares) / f32(WIDTH) + EPSILON);
  for (var k = 0u; k < WIDTH4; k++) {
    var value = (scratch[x + k] - middle) * root * vectors[weight + k];
    @if(layer_norm) { value += vectors[bias + k]; }
    scratch[y + k] = value;
  }
}
