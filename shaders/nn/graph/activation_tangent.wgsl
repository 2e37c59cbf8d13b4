// An activation along a direction, forwards or backwards.
//
// Computes  y' = phi'(x) x'; condition `backward`: x^' = phi''(x) x' y^ + phi'(x) y^', y^ the adjoint of the output and y^' its derivative. Condition `gelu`:
//           phi = 0.5 x (1 + tanh w), w = c (x + 0.044715 x^3), c = sqrt(2 / pi); else SiLU, x / (1 + exp(-x)). tanh by exp. `accumulate`, `based` as in sink.wgsl.
// Bindings  1 x, 2 x', 3 y^, 4 y^' [position][4 WIDTH4]; 7 batch; 8, 9 of sink.wgsl: y', or x^'.
// Thread    four numbers.
// Caller    positions WIDTH4 threads, workgroups counted row by row.
// Twin      bendAt of src/nn/graph/twin/elementwise.ts.

import package::nn::graph::batch::token_count;
import package::nn::graph::sink::put;
import constants::{WIDTH4, THREADS};

@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> dx: array<vec4f>;
@if(backward) @group(0) @binding(3) var<storage, read> adjoint: array<vec4f>;
@if(backward) @group(0) @binding(4) var<storage, read> dadjoint: array<vec4f>;

@if(gelu) const C = 0.7978845608028654;

fn logistic(z: vec4f) -> vec4f { return 1.0 / (1.0 + exp(clamp(-z, vec4f(-80.0), vec4f(80.0)))); }

/// phi' and phi''.
struct Slopes { first: vec4f, second: vec4f }

@if(gelu) fn slopes(x: vec4f) -> Slopes {
  let t = 2.0 * logistic(2.0 * C * (x + 0.044715 * x * x * x)) - 1.0;
  let u = 1.0 - t * t;
  let w = C * (1.0 + 0.134145 * x * x);
  return Slopes(0.5 * (1.0 + t) + 0.5 * x * u * w, u * (w + 0.134145 * C * x * x - x * t * w * w));
}

@if(!gelu) fn slopes(x: vec4f) -> Slopes {
  let s = logistic(x);
  return Slopes(s * (1.0 + x * (1.0 - s)), s * (1.0 - s) * (2.0 + x * (1.0 - 2.0 * s)));
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let at = (group.y * groups.x + group.x) * THREADS + local;
  if (at >= token_count() * WIDTH4) { return; }
  let slope = slopes(x[at]);
  @if(!backward) { put(at, slope.first * dx[at]); }
  @if(backward) { put(at, slope.second * dx[at] * adjoint[at] + slope.first * dadjoint[at]); }
}
