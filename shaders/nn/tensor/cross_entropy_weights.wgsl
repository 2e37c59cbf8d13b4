// Slopes of the cross-entropy by its projection, from recomputed logits.
//
// Computes  part s of dW[k][v] = sum over its rows of scale weight (p_v - [v = target]) f[k], and behind it of db[v] (condition biased); p_v = exp(b_v + f W_v -
//           l). Part s has the rows [s RUN, (s + 1) RUN).
// Bindings  0 f [ROWS][4 WIDTH4]; 1 W transposed [OUTPUTS][4 WIDTH4]; 2 b; 3 asked [ROWS]: target and, as bits, weight; 7 log_sums [ROWS]; 5 parts [SPLITS][4 WIDTH4 (+ 1)][STRIDE]; 6
//           place: where parts begin, in numbers; 8 state: its scale.
// Thread    one v, one part; a row of weight 0 is passed over.
// Order     over the rows of a part from the first to the last; sum_parts.wgsl adds the parts in theirs.
// Caller    one thread each of OUTPUTS SPLITS, workgroups counted row by row; what fills rows up to STRIDE stays zero.
// Twin      crossEntropy, linearWeights of src/nn/tensor/twin.ts.

import package::nn::optimiser::state::state;
import constants::{ROWS, OUTPUTS, STRIDE, WIDTH4, SPLITS, ROW_THREADS};

@group(0) @binding(0) var<storage, read> features: array<vec4f>;
@group(0) @binding(1) var<storage, read> w: array<vec4f>;
@if(biased) @group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read> asked: array<vec2u>;
@group(0) @binding(5) var<storage, read_write> parts: array<f32>;
@group(0) @binding(6) var<uniform> place: vec4u;
@group(0) @binding(7) var<storage, read> log_sums: array<f32>;

const RUN = (ROWS + SPLITS - 1u) / SPLITS;
@if(biased) const LENGTH = (4u * WIDTH4 + 1u) * STRIDE;
@if(!biased) const LENGTH = 4u * WIDTH4 * STRIDE;

@compute @workgroup_size(ROW_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * ROW_THREADS + local;
  if (index >= OUTPUTS * SPLITS) { return; }
  let v = index % OUTPUTS;
  let part = index / OUTPUTS;
  var own: array<vec4f, WIDTH4>;
  var sums: array<vec4f, WIDTH4>;
  for (var j = 0u; j < WIDTH4; j++) { own[j] = w[v * WIDTH4 + j]; }
  @if(biased) let offset = bias[v];
  @if(!biased) let offset = 0.0;
  var total = 0.0;
  for (var row = part * RUN; row < min(ROWS, (part + 1u) * RUN); row++) {
    let weight = bitcast<f32>(asked[row].y);
    if (weight == 0.0) { continue; }
    var products = vec4f();
    for (var j = 0u; j < WIDTH4; j++) { products += features[row * WIDTH4 + j] * own[j]; }
    let z = offset + ((products.x + products.y) + (products.z + products.w));
    let slope = state.scale * weight * (exp(z - log_sums[row]) - select(0.0, 1.0, asked[row].x == v));
    for (var j = 0u; j < WIDTH4; j++) { sums[j] += slope * features[row * WIDTH4 + j]; }
    total += slope;
  }
  let first = place.x + part * LENGTH + v;
  for (var j = 0u; j < WIDTH4; j++) {
    for (var c = 0u; c < 4u; c++) { parts[first + (4u * j + c) * STRIDE] = sums[j][c]; }
  }
  @if(biased) { parts[first + 4u * WIDTH4 * STRIDE] = total; }
}
