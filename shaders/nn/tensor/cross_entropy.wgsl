// Cross-entropy of rows of features under a projection and a softmax, without stored logits.
//
// Computes  z_v = b_v + f W_v, loss = weight (l - z_target), l = log sum exp z; condition slopes: df = scale weight sum over v of (p_v - [v = target]) W_v, p =
//           exp(z - l); condition best: the v < CHOICES of largest z. Rows of weight 0 are passed over: loss and slopes 0.
// Bindings  0 f [ROWS][4 WIDTH4]; 1 W transposed [OUTPUTS][4 WIDTH4]; 2 b; 3 asked [ROWS]: target and, as bits, weight; 5 losses [ROWS]; 6 df, as f; 7 log_sums
//           [ROWS]; 8 state: its scale (slopes); 9 best [ROWS].
// Thread    a row; its logits in registers. f32 in every precision.
// Order     over v from the first to the last.
// Caller    one thread a row, workgroups counted row by row.
// Twin      crossEntropy, linearInputs of src/nn/tensor/twin.ts.

@if(slopes) import package::nn::optimiser::state::state;
import constants::{ROWS, OUTPUTS, WIDTH4, CHOICES, ROW_THREADS};

@group(0) @binding(0) var<storage, read> features: array<vec4f>;
@group(0) @binding(1) var<storage, read> w: array<vec4f>;
@if(biased) @group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read> asked: array<vec2u>;
@group(0) @binding(5) var<storage, read_write> losses: array<f32>;
@if(slopes) @group(0) @binding(6) var<storage, read_write> dfeatures: array<vec4f>;
@if(slopes) @group(0) @binding(7) var<storage, read_write> log_sums: array<f32>;
@if(best) @group(0) @binding(9) var<storage, read_write> best: array<u32>;

@compute @workgroup_size(ROW_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let row = (group.y * groups.x + group.x) * ROW_THREADS + local;
  if (row >= ROWS) { return; }
  let first = row * WIDTH4;
  let weight = bitcast<f32>(asked[row].y);
  if (weight == 0.0) {
    losses[row] = 0.0;
    @if(slopes) {
      for (var j = 0u; j < WIDTH4; j++) { dfeatures[first + j] = vec4f(); }
    }
    return;
  }
  var z: array<f32, OUTPUTS>;
  var most = -3.0e38;
  for (var v = 0u; v < OUTPUTS; v += 4u) {
    let a = v * WIDTH4;
    let b = min(v + 1u, OUTPUTS - 1u) * WIDTH4;
    let c = min(v + 2u, OUTPUTS - 1u) * WIDTH4;
    let d = min(v + 3u, OUTPUTS - 1u) * WIDTH4;
    var sum = vec4f();
    for (var j = 0u; j < WIDTH4; j++) {
      let f = features[first + j];
      sum += vec4f(dot(f, w[a + j]), dot(f, w[b + j]), dot(f, w[c + j]), dot(f, w[d + j]));
    }
    for (var i = 0u; i < min(4u, OUTPUTS - v); i++) {
      var logit = sum[i];
      @if(biased) { logit += bias[v + i]; }
      z[v + i] = logit;
      most = max(most, logit);
    }
  }
  var sum = 0.0;
  for (var v = 0u; v < OUTPUTS; v++) { sum += exp(z[v] - most); }
  let log_sum = most + log(sum);
  let chosen = asked[row].x;
  losses[row] = weight * (log_sum - z[chosen]);
  @if(best) {
    var found = 0u;
    for (var v = 1u; v < CHOICES; v++) { if (z[v] > z[found]) { found = v; } }
    best[row] = found;
  }
  @if(slopes) {
    log_sums[row] = log_sum;
    let scale = state.scale * weight;
    for (var v = 0u; v < OUTPUTS; v++) { z[v] = scale * (exp(z[v] - log_sum) - select(0.0, 1.0, v == chosen)); }
    for (var j = 0u; j < WIDTH4; j++) {
      var slope = vec4f();
      for (var v = 0u; v < OUTPUTS; v++) { slope += z[v] * w[v * WIDTH4 + j]; }
      dfeatures[first + j] = slope;
    }
  }
}
