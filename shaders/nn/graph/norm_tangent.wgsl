// A norm along a direction.
//
// Computes  y' = weight u' + weight' u + bias' (along_norm.wgsl). Conditions: `parameters`: weight' is there, else 0; `biased`: bias' is added.
// Bindings  1, 2 of along_norm.wgsl; 3 weight, 4 weight' from number WEIGHT_SKIP on; 5 bias' from number BIAS_SKIP on; 6 statistics [position]: mean, 1 / s,
//           mean x', s'; 7 batch; 8 y' as x.
// Thread    one position.
// Order     from the first number to the last.
// Caller    one thread a position, workgroups counted row by row.
// Twin      normTangent of src/nn/graph/twin/norm.ts.

import package::nn::graph::along_norm::{WIDTH4, norm_statistics, real, unit, unit_tangent};
import package::nn::graph::batch::token_count;
import constants::{WIDTH, WEIGHT_SKIP, BIAS_SKIP, THREADS};

@group(0) @binding(3) var<storage, read> weight: array<f32>;
@if(parameters) @group(0) @binding(4) var<storage, read> dweight: array<f32>;
@if(biased) @group(0) @binding(5) var<storage, read> dbias: array<f32>;
@group(0) @binding(6) var<storage, read_write> statistics: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> dy: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let position = (group.y * groups.x + group.x) * THREADS + local;
  if (position >= token_count()) { return; }
  let s = norm_statistics(position);
  let start = position * WIDTH4;
  for (var i = 0u; i < WIDTH4; i++) {
    let u = unit(start, i, s);
    // Beyond a row's end they are multiplied by 0, or not kept.
    let b = vec4u(4u * i, min(4u * i + 1u, WIDTH - 1u), min(4u * i + 2u, WIDTH - 1u), min(4u * i + 3u, WIDTH - 1u));
    let w = b + WEIGHT_SKIP;
    var value = vec4f(weight[w.x], weight[w.y], weight[w.z], weight[w.w]) * unit_tangent(start, i, s, u);
    @if(parameters) { value += vec4f(dweight[w.x], dweight[w.y], dweight[w.z], dweight[w.w]) * u; }
    @if(biased) {
      let c = b + BIAS_SKIP;
      value += vec4f(dbias[c.x], dbias[c.y], dbias[c.z], dbias[c.w]);
    }
    dy[start + i] = real(i, value);
  }
  statistics[position] = s;
}
