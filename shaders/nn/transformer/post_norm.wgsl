// A norm behind attention or MLP, before what they give is added to the stream.
//
// Computes  c = a w / sqrt(mean a² + EPSILON); x + c, steered behind a block (condition steered); c and x + c captured
// Bindings  0 a [rows][4 WIDTH4]; 2 vectors: w from NORM4 on; 3 work; 4 stream [rows][4 WIDTH4]; 5 captured; 6 steering [blocks][4 WIDTH4].
// Workgroup PRODUCT_THREADS threads, a row.
// Thread    every PRODUCT_THREADS-th four numbers.
// Order     a thread's fours ascending, then the threads.
// Caller    dispatches (rows).
// Twin      src/nn/transformer/host/pass.ts, in f64.

import package::nn::transformer::product_operands::{ROWS_AT, work};
import package::nn::transformer::product_vectors::{block_number, vectors};
import constants::{WIDTH, WIDTH4, PRODUCT_THREADS, EPSILON, NORM4, SLOTS_AT, CAPTURED, RESIDUAL_AT, PART_AT};

@group(0) @binding(0) var<storage, read> a: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> stream: array<vec4f>;
@if(captured) @group(0) @binding(5) var<storage, read_write> captured: array<f32>;
@if(steered) @group(0) @binding(6) var<storage, read> steering: array<vec4f>;

var<workgroup> shares: array<f32, PRODUCT_THREADS>;

fn keep4(at: u32, k: u32, value: vec4f) {
  @if(captured) {
    let there = min(WIDTH - 4u * k, 4u);
    captured[at + 4u * k] = value.x;
    if (there > 1u) { captured[at + 4u * k + 1u] = value.y; }
    if (there > 2u) { captured[at + 4u * k + 2u] = value.z; }
    if (there > 3u) { captured[at + 4u * k + 3u] = value.w; }
  }
}

@compute @workgroup_size(PRODUCT_THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let row = group.x;
  if (row >= work[0].x) { return; }
  var squares = vec4f();
  for (var k = local; k < WIDTH4; k += PRODUCT_THREADS) { squares = fma(a[row * WIDTH4 + k], a[row * WIDTH4 + k], squares); }
  shares[local] = (squares.x + squares.y) + (squares.z + squares.w);
  workgroupBarrier();
  var sum = 0.0;
  for (var thread = 0u; thread < PRODUCT_THREADS; thread++) { sum += shares[thread]; }
  let scale = 1.0 / sqrt(sum / f32(WIDTH) + EPSILON);
  for (var k = local; k < WIDTH4; k += PRODUCT_THREADS) {
    let value = a[row * WIDTH4 + k] * scale * vectors[NORM4 + k];
    @if(part_captured) { keep4(row * CAPTURED + PART_AT + block_number() * WIDTH, k, value); }
    var sum_ = stream[row * WIDTH4 + k] + value;
    @if(steered) {
      let it = work[ROWS_AT + row];
      let slot = work[SLOTS_AT + it.x];
      @if(steered_response) let strength = select(0.0, bitcast<f32>(slot.y), it.y >= slot.x);
      @if(!steered_response) let strength = bitcast<f32>(slot.y);
      sum_ = fma(vec4f(strength), steering[block_number() * WIDTH4 + k], sum_);
    }
    stream[row * WIDTH4 + k] = sum_;
    @if(residual_captured) { keep4(row * CAPTURED + RESIDUAL_AT + (block_number() + 1u) * WIDTH, k, sum_); }
  }
}
