// What every number of a value stands alone in: activations, products, sums, and what they add to adjoints.
//
// Computes  one of the conditions gelu, silu: of x; add: x + y; multiply: x y; pass: x; gelu_slope, silu_slope: the slope at x times y; nothing: 0.
// Bindings  0 x, 1 y [tokens][4 WIDTH4], those that are read; 7 batch; 8, 9 where it goes (sink.wgsl).
// Thread    four numbers.
// Caller    one thread each of tokens WIDTH4, workgroups counted row by row.
// Twin      activation, multiply, add of src/nn/graph/twin.

import package::nn::graph::activations::{gelu4, gelu_slope4, silu4, silu_slope4};
import package::nn::graph::batch::token_count;
import package::nn::graph::sink::put;
import constants::{WIDTH4, THREADS};

@if(!nothing) @group(0) @binding(0) var<storage, read> x: array<vec4f>;
@if(add || multiply || gelu_slope || silu_slope) @group(0) @binding(1) var<storage, read> y: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let at = (group.y * groups.x + group.x) * THREADS + local;
  if (at >= token_count() * WIDTH4) { return; }
  @if(gelu) { put(at, gelu4(x[at])); }
  @if(silu) { put(at, silu4(x[at])); }
  @if(add) { put(at, x[at] + y[at]); }
  @if(multiply) { put(at, x[at] * y[at]); }
  @if(pass) { put(at, x[at]); }
  @if(gelu_slope) { put(at, gelu_slope4(x[at]) * y[at]); }
  @if(silu_slope) { put(at, silu_slope4(x[at]) * y[at]); }
  @if(nothing) { put(at, vec4f()); }
}
