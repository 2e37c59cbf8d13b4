// The norm before a product: what its workgroup has to know of its rows, and a row's numbers normalised.
//
// Computes  r = 1 / sqrt(mean of (x − m)² + EPSILON), m the mean with condition layer_norm, else 0; (x − m) r w + b
// Bindings  2 vectors: w from NORM4 on, b from NORM_BIAS4 on, in fours; workgroup memory: BLOCK_ROWS (PRODUCT_THREADS + 2) numbers.
// Workgroup PRODUCT_THREADS threads share the sums of every row, each of every PRODUCT_THREADS-th four numbers.
// Order     a thread's fours ascending, then the threads: it hangs on the number of threads alone.
// Caller    nn/transformer/product.wgsl; all threads, in uniform control flow.
// Twin      src/nn/transformer/host/pass.ts, in f64.

import package::nn::transformer::product_operands::{x, x_place};
import package::nn::transformer::product_vectors::vectors;
import constants::{INNER, INNER4, PRODUCT_THREADS, BLOCK_ROWS, EPSILON, NORM4, NORM_BIAS4};

var<workgroup> shares: array<f32, BLOCK_ROWS * PRODUCT_THREADS>;
/// (m, r) of each row.
var<workgroup> moments: array<vec2f, BLOCK_ROWS>;

fn added(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }

/// The sum of the threads' shares of a row.
fn summed(r: u32) -> f32 {
  var sum = 0.0;
  for (var thread = 0u; thread < PRODUCT_THREADS; thread++) { sum += shares[r * PRODUCT_THREADS + thread]; }
  return sum;
}

fn measure(first: u32, count: u32, local: u32) {
  @if(layer_norm) {
    for (var r = 0u; r < count; r++) {
      let from_ = x_place(first + r);
      var sum = vec4f();
      for (var k = local; k < INNER4; k += PRODUCT_THREADS) { sum += x[from_ + k]; }
      shares[r * PRODUCT_THREADS + local] = added(sum);
    }
    workgroupBarrier();
    for (var r = local; r < count; r += PRODUCT_THREADS) { moments[r].x = summed(r) / f32(INNER); }
    workgroupBarrier();
  }
  for (var r = 0u; r < count; r++) {
    let from_ = x_place(first + r);
    var sum = vec4f();
    for (var k = local; k < INNER4; k += PRODUCT_THREADS) {
      // What fills the last four up is no number of the row.
      @if(layer_norm) let there = vec4u(4u * k) + vec4u(0u, 1u, 2u, 3u) < vec4u(INNER);
      @if(layer_norm) let off = select(vec4f(), x[from_ + k] - moments[r].x, there);
      @if(!layer_norm) let off = x[from_ + k];
      sum = fma(off, off, sum);
    }
    shares[r * PRODUCT_THREADS + local] = added(sum);
  }
  workgroupBarrier();
  for (var r = local; r < count; r += PRODUCT_THREADS) { moments[r].y = 1.0 / sqrt(summed(r) / f32(INNER) + EPSILON); }
  workgroupBarrier();
}

fn normalised(value: vec4f, r: u32, k: u32) -> vec4f {
  @if(layer_norm) { return fma((value - moments[r].x) * moments[r].y, vectors[NORM4 + k], vectors[NORM_BIAS4 + k]); }
  @if(!layer_norm) { return value * moments[r].y * vectors[NORM4 + k]; }
}
