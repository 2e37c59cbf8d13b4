// Cross-entropy of rows of stored logits under a softmax.
//
// Computes  loss = weight (l - z_target), l = log sum exp z; condition slopes: z <- scale weight (exp(z - l) - [v = target]). Rows of weight 0: loss and
//           slopes 0.
// Bindings  0 z [ROWS][4 OUTPUTS4]; 1 asked [ROWS]: target and, as bits, weight; 2 losses [ROWS]; 8 state: its scale (slopes).
// Thread    a row.
// Order     over the outputs from the first to the last, by fours.
// Caller    one thread a row, workgroups counted row by row; a target within the outputs.
// Twin      crossEntropy of src/nn/tensor/twin.ts.

@if(slopes) import package::nn::optimiser::state::state;
import constants::{ROWS, OUTPUTS4, ROW_THREADS};

@group(0) @binding(0) var<storage, read_write> logits: array<vec4f>;
@group(0) @binding(1) var<storage, read> asked: array<vec2u>;
@group(0) @binding(2) var<storage, read_write> losses: array<f32>;

@compute @workgroup_size(ROW_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let row = (group.y * groups.x + group.x) * ROW_THREADS + local;
  if (row >= ROWS) { return; }
  let first = row * OUTPUTS4;
  let weight = bitcast<f32>(asked[row].y);
  if (weight == 0.0) {
    losses[row] = 0.0;
    @if(slopes) {
      for (var v = 0u; v < OUTPUTS4; v++) { logits[first + v] = vec4f(); }
    }
    return;
  }
  let chosen = asked[row].x;
  var most = logits[first];
  for (var v = 1u; v < OUTPUTS4; v++) { most = max(most, logits[first + v]); }
  let greatest = max(max(most.x, most.y), max(most.z, most.w));
  var sums = vec4f();
  for (var v = 0u; v < OUTPUTS4; v++) { sums += exp(logits[first + v] - greatest); }
  let log_sum = greatest + log((sums.x + sums.y) + (sums.z + sums.w));
  losses[row] = weight * (log_sum - logits[first + chosen / 4u][chosen % 4u]);
  @if(slopes) {
    let scale = state.scale * weight;
    for (var v = 0u; v < OUTPUTS4; v++) {
      let hit = vec4u(4u * v, 4u * v + 1u, 4u * v + 2u, 4u * v + 3u) == vec4u(chosen);
      logits[first + v] = scale * (exp(logits[first + v] - log_sum) - select(vec4f(), vec4f(1.0), hit));
    }
  }
}
