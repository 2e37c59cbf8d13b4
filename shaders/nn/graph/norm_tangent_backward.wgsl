// Derivative of a norm's adjoint along a direction.
//
// Computes  with y^ the adjoint of the output, y^' its derivative, g = weight y^, g' = weight y^' + weight' y^ and u, u', s, s' of along_norm.wgsl:
//           x^' = (g' - mean g' - u' mean (g u) - u mean (g' u + g u')) / s - x^ s' / s, x^ = (g - mean g - u mean (g u)) / s. Conditions: `rms`: no mean g and
//           mean g'; `parameters`: weight' is there, else 0; `accumulate`, `based` as in sink.wgsl.
// Bindings  1, 2 of along_norm.wgsl; 3 weight, 4 weight' from number WEIGHT_SKIP on; 5 y^, 6 y^' as x; 8, 9 of sink.wgsl.
// Thread    one position.
// Order     from the first number to the last, four sums side by side.
// Caller    one thread a position, workgroups counted row by row; what is computed beyond the last position in flight is never read.
// Twin      normTurn of src/nn/graph/twin/norm.ts.

import package::nn::graph::along_norm::{NUMBERS, WIDTH4, norm_statistics, real, unit, unit_tangent};
import package::nn::graph::sink::{put, sink};
import constants::{WIDTH, WEIGHT_SKIP, THREADS};

@group(0) @binding(3) var<storage, read> weight: array<f32>;
@if(parameters) @group(0) @binding(4) var<storage, read> dweight: array<f32>;
@group(0) @binding(5) var<storage, read> adjoint: array<vec4f>;
@group(0) @binding(6) var<storage, read> dadjoint: array<vec4f>;

/// Places of four numbers of the weight; beyond its end they meet zeros of the adjoint.
fn places(i: u32) -> vec4u {
  return WEIGHT_SKIP + vec4u(4u * i, min(4u * i + 1u, WIDTH - 1u), min(4u * i + 2u, WIDTH - 1u), min(4u * i + 3u, WIDTH - 1u));
}

fn weight_at(w: vec4u) -> vec4f { return vec4f(weight[w.x], weight[w.y], weight[w.z], weight[w.w]); }

/// g'.
fn dg_at(at: u32, w: vec4u) -> vec4f {
  let g = weight_at(w) * dadjoint[at];
  @if(parameters) return g + vec4f(dweight[w.x], dweight[w.y], dweight[w.z], dweight[w.w]) * adjoint[at];
  @if(!parameters) return g;
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let position = (group.y * groups.x + group.x) * THREADS + local;
  if (position >= arrayLength(&sink) / WIDTH4) { return; }
  let s = norm_statistics(position);
  let start = position * WIDTH4;
  var g_sum = vec4f();
  var dg_sum = vec4f();
  var gu_sum = vec4f();
  var dgu_sum = vec4f();
  for (var i = 0u; i < WIDTH4; i++) {
    let u = unit(start, i, s);
    let w = places(i);
    let g = weight_at(w) * adjoint[start + i];
    let dg = dg_at(start + i, w);
    g_sum += g;
    dg_sum += dg;
    gu_sum += g * u;
    dgu_sum += dg * u + g * unit_tangent(start, i, s, u);
  }
  var g_mean = 0.0;
  var dg_mean = 0.0;
  @if(!rms) {
    g_mean = dot(g_sum, vec4f(1.0)) / NUMBERS;
    dg_mean = dot(dg_sum, vec4f(1.0)) / NUMBERS;
  }
  let gu = dot(gu_sum, vec4f(1.0)) / NUMBERS;
  let dgu = dot(dgu_sum, vec4f(1.0)) / NUMBERS;
  for (var i = 0u; i < WIDTH4; i++) {
    let u = unit(start, i, s);
    let w = places(i);
    let plain = (weight_at(w) * adjoint[start + i] - g_mean - u * gu) * s.y;
    let value = (dg_at(start + i, w) - dg_mean - unit_tangent(start, i, s, u) * gu - u * dgu) * s.y - plain * (s.w * s.y);
    put(start + i, real(i, value));
  }
}
