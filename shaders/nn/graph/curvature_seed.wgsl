// Seeds of backward passes at the logits that hang on their derivative along a direction, on given labels, or on classes.
//
// Computes  with p = exp(z - log_sum) / sum of these at a position, z' its derivative, w its weight, y one at its label:
//           condition `curved`      w (p z' - p <p, z'>), the Gauss-Newton matrix's and the derivative of the seed w (p - y);
//           condition `empirical`   w (p - y) <p - y, z'>, the empirical Fisher's, token by token;
//           condition `labelled`    w (p - y);
//           condition `classes`     sum over the position's picks of w sqrt(p_c) (e_c - p).
// Bindings  1 z, 2 z' [position][OUTPUTS filled to fours]; 3 log_sums, 4 w, 5 labels [position]; 6 picks: entry i holds where the picks of position i begin, how many
//           they are, and class and weight of pick i; 7 batch; 8 the adjoint as z.
// Workgroup one position; its threads take fours of logits in turn.
// Order     within a thread from the first to the last, then as a tree (lib/reduce.wgsl); picks in their order.
// Caller    one workgroup a position, counted row by row. A label beyond the logits is none: the position gets 0.
// Twin      plantSeed of src/nn/graph/twin/output.ts.

import package::lib::reduce::group_sum4;
import package::nn::graph::batch::token_count;
import constants::{OUTPUTS, WORKGROUP_THREADS};

@group(0) @binding(1) var<storage, read> z: array<vec4f>;
@if(curved || empirical) @group(0) @binding(2) var<storage, read> dz: array<vec4f>;
@group(0) @binding(3) var<storage, read> log_sums: array<f32>;
@if(!classes) @group(0) @binding(4) var<storage, read> weights: array<f32>;
@if(empirical || labelled) @group(0) @binding(5) var<storage, read> labels: array<u32>;
@if(classes) @group(0) @binding(6) var<storage, read> picks: array<vec4u>;
@group(0) @binding(8) var<storage, read_write> adjoint: array<vec4f>;

const OUTPUTS4 = (OUTPUTS + 3u) / 4u;

/// Powers of four logits, 0 beyond the last.
fn powers(start: u32, i: u32, log_sum: f32) -> vec4f {
  let power = exp(z[start + i] - log_sum);
  return select(vec4f(), power, outputs(i) < vec4u(OUTPUTS));
}

fn outputs(i: u32) -> vec4u { return vec4u(4u * i, 4u * i + 1u, 4u * i + 2u, 4u * i + 3u); }

@compute @workgroup_size(WORKGROUP_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  // Every thread comes to every barrier; a group beyond the last position has no logits.
  let number = group.y * groups.x + group.x;
  let position = min(number, token_count() - 1u);
  let count = select(0u, OUTPUTS4, number < token_count());
  let start = position * OUTPUTS4;
  let log_sum = log_sums[position];
  var sums = vec4f();
  for (var i = local; i < count; i += WORKGROUP_THREADS) {
    let e = powers(start, i, log_sum);
    sums.x += dot(e, vec4f(1.0));
    @if(curved || empirical) { sums.y += dot(e, dz[start + i]); }
  }
  let all = group_sum4(sums, local);
  let scale = 1.0 / all.x;
  @if(curved || empirical) let mean = all.y * scale;
  @if(!classes) let weight = weights[position];
  @if(curved) {
    for (var i = local; i < count; i += WORKGROUP_THREADS) {
      adjoint[start + i] = weight * scale * powers(start, i, log_sum) * (dz[start + i] - mean);
    }
  }
  @if(empirical || labelled) {
    let label = labels[position];
    var along = select(0.0, weight, label < OUTPUTS);
    @if(empirical) { along *= mean - dz[start + min(label, OUTPUTS - 1u) / 4u][min(label, OUTPUTS - 1u) % 4u]; }
    for (var i = local; i < count; i += WORKGROUP_THREADS) {
      adjoint[start + i] = along * (powers(start, i, log_sum) * scale - select(vec4f(), vec4f(1.0), outputs(i) == vec4u(label)));
    }
  }
  @if(classes) {
    let own = picks[position];
    var roots = 0.0;
    for (var j = own.x; j < own.x + own.y; j++) {
      let c = picks[j].z;
      roots += bitcast<f32>(picks[j].w) * sqrt(exp(z[start + c / 4u][c % 4u] - log_sum) * scale);
    }
    for (var i = local; i < count; i += WORKGROUP_THREADS) {
      var value = -roots * scale * powers(start, i, log_sum);
      for (var j = own.x; j < own.x + own.y; j++) {
        let c = picks[j].z;
        let root = bitcast<f32>(picks[j].w) * sqrt(exp(z[start + c / 4u][c % 4u] - log_sum) * scale);
        value += select(vec4f(), vec4f(root), outputs(i) == vec4u(c));
      }
      adjoint[start + i] = value;
    }
  }
}
