// Norms of a row that a text's threads share.
//
// Computes  RMS: y = w x / sqrt(mean x^2 + epsilon); layer: y = w (x - mean) / sqrt(mean (x - mean)^2 + epsilon) + b. w holds the unit that is added to it.
// Bindings  those of fused_matrix.wgsl.
// Thread    NORM_LANES threads sum every NORM_LANES-th number each; then every thread takes all their sums, and every FUSED_THREADS-th number.
// Order     by lane from its first number to its last, then over the lanes.
// Caller    fused.wgsl; a barrier before; what it leaves is seen behind the one at its end.
// Twin      src/nn/transformer/host/pass.ts, in f64.

import package::nn::transformer::fused_matrix::vectors;
import package::nn::transformer::fused_state::{meet, set_state, state_at};
import constants::{FUSED_THREADS, NORM_LANES, NORM_SUMS, WIDTH, EPSILON};

/// Sum of (x - middle)^power over the row. `sums`: where lanes leave theirs.
fn row_sum(local: u32, row: u32, middle: f32, squared: bool, sums: u32) -> f32 {
  if (local < NORM_LANES) {
    var sum = 0.0;
    for (var k = local; k < WIDTH; k += NORM_LANES) {
      let away = state_at(row + k) - middle;
      sum = fma(away, select(1.0, away, squared), sum);
    }
    set_state(sums + local, sum);
  }
  meet();
  var sum = 0.0;
  for (var lane = 0u; lane < NORM_LANES; lane++) { sum += state_at(sums + lane); }
  return sum;
}

/// `weight` and `bias`: where they lie in `vectors`.
fn normed(local: u32, row: u32, to: u32, weight: u32, bias: u32) {
  var middle = 0.0;
  @if(layer_norm) { middle = row_sum(local, row, 0.0, false, NORM_SUMS + NORM_LANES) / f32(WIDTH); }
  let root = inverseSqrt(row_sum(local, row, middle, true, NORM_SUMS) / f32(WIDTH) + EPSILON);
  for (var k = local; k < WIDTH; k += FUSED_THREADS) {
    var value = (state_at(row + k) - middle) * root * vectors[weight + k];
    @if(layer_norm) { value += vectors[bias + k]; }
    set_state(to + k, value);
  }
  meet();
}
