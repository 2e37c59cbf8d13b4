// LayerNorm or RMSNorm of every position, and what it adds to the adjoint of x.
//
// Computes  u = (x - mean) r, y = u w + b, r = 1 / sqrt(mean of (x - mean)^2 + EPSILON); condition rms: mean 0, no b. Condition backward: x' = r (g - mean g -
//           u mean(g u)), g = w y'; rms: without mean g.
// Bindings  0 x [tokens][4 WIDTH4]; 1 w (matrix.wgsl); 2 b (bias.wgsl, condition biased); 3 statistics [tokens]: mean, r; 4 y' (backward); 7 batch; 8, 9 y, or x'
//           (sink.wgsl).
// Thread    a position.
// Order     over the columns by fours, from the first to the last; then (0 + 1) + (2 + 3). The variance is summed after the mean.
// Caller    one thread a position, workgroups counted row by row. backward: the forward kernel has left the statistics.
// Twin      norm of src/nn/graph/twin.

import package::nn::graph::batch::token_count;
@if(biased && !backward) import package::nn::graph::bias::b_at;
import package::nn::graph::matrix::w_at;
import package::nn::graph::sink::put;
import package::nn::graph::tail::within;
import constants::{WIDTH, WIDTH4, EPSILON, THREADS};

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@if(!backward) @group(0) @binding(3) var<storage, read_write> statistics: array<vec2f>;
@if(backward) @group(0) @binding(3) var<storage, read> statistics: array<vec2f>;
@if(backward) @group(0) @binding(4) var<storage, read> dy: array<vec4f>;

fn added(four: vec4f) -> f32 { return (four.x + four.y) + (four.z + four.w); }

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let token = (group.y * groups.x + group.x) * THREADS + local;
  if (token >= token_count()) { return; }
  let first = token * WIDTH4;
  @if(!backward) {
    var mean = 0.0;
    @if(!rms) {
      var sums = vec4f();
      for (var j = 0u; j < WIDTH4; j++) { sums += x[first + j]; }
      mean = added(sums) / f32(WIDTH);
    }
    var squares = vec4f();
    for (var j = 0u; j < WIDTH4; j++) {
      let apart = within(j, x[first + j] - mean);
      squares += apart * apart;
    }
    let inverse = 1.0 / sqrt(added(squares) / f32(WIDTH) + EPSILON);
    statistics[token] = vec2f(mean, inverse);
    for (var j = 0u; j < WIDTH4; j++) {
      var value = within(j, (x[first + j] - mean) * inverse) * w_at(0u, j);
      @if(biased) { value += b_at(j); }
      put(first + j, value);
    }
  }
  @if(backward) {
    let mean = statistics[token].x;
    let inverse = statistics[token].y;
    var sums = vec4f();
    var products = vec4f();
    for (var j = 0u; j < WIDTH4; j++) {
      let g = w_at(0u, j) * dy[first + j];
      sums += g;
      products += g * ((x[first + j] - mean) * inverse);
    }
    let product = added(products) / f32(WIDTH);
    @if(rms) let sum = 0.0;
    @if(!rms) let sum = added(sums) / f32(WIDTH);
    for (var j = 0u; j < WIDTH4; j++) {
      let g = w_at(0u, j) * dy[first + j];
      put(first + j, within(j, inverse * ((g - sum) - ((x[first + j] - mean) * inverse) * product)));
    }
  }
}
