// What a matrix product over rows of activations reads and writes, in whichever precision; which rows, and what becomes of the sums.
//
// Computes  y = epilogue(x W + b). Rows: one each of all places; condition `counted`: those of the active places, `listed`: those that the work lists, read and
//           written where they are, `compact`: as many, one behind the other; `gathered`: row i reads row index[i] of x, a table. Epilogue: `biased`, `gelu`, `accumulate` (y + sum), `gated` (y + gate sum, the
//           gate of the row's place). Prologue `activated`: SiLU of x.
// Bindings  0 x [..][4 INNER4]; 1 w [4 INNER4][4 W_STRIDE4]; 2 b [4 W_STRIDE4]; 3 work (work.wgsl); 4 y [..][4 Y_STRIDE4]; 5 modulations [places][4
//           MODULATION4]; 6 index [places].
// Columns   from COLUMN4 on, the same of w, b and y, in fours.
// Precision x, w and y in f32, or as 16 bits in pairs (conditions x_packed, w_packed, y_packed; bf16); `half`: type f16 for x and w, sums of four products in
//           halves. Everything else is f32.
// Caller    nn/tensor/matmul.wgsl, nn/tensor/matmul_tile.wgsl.
// Twin      linear of src/nn/tensor/twin.ts.

import package::nn::tensor::gelu::gelu4;
import package::nn::tensor::packed::{packed4, unpacked4};
import package::nn::tensor::work::{place_of, listed_row, work};
import constants::{GENES, INNER4, W_STRIDE4, Y_STRIDE4, COLUMN4, MODULATION4, GATE4};

@if(half) @group(0) @binding(0) var<storage, read> x: array<vec4<f16>>;
@if(!half && x_packed) @group(0) @binding(0) var<storage, read> x: array<vec2u>;
@if(!half && !x_packed) @group(0) @binding(0) var<storage, read> x: array<vec4f>;
@if(half) @group(0) @binding(1) var<storage, read> w: array<vec4<f16>>;
@if(!half && w_packed) @group(0) @binding(1) var<storage, read> w: array<vec2u>;
@if(!half && !w_packed) @group(0) @binding(1) var<storage, read> w: array<vec4f>;
@if(biased) @group(0) @binding(2) var<storage, read> bias: array<vec4f>;
@if(y_packed) @group(0) @binding(4) var<storage, read_write> y: array<vec2u>;
@if(!y_packed) @group(0) @binding(4) var<storage, read_write> y: array<vec4f>;
@if(gated) @group(0) @binding(5) var<storage, read> modulations: array<vec4f>;
@if(gathered) @group(0) @binding(6) var<storage, read> index: array<u32>;

/// Rows of this dispatch.
fn row_count() -> u32 {
  @if(listed || compact) return work[1];
  @if(counted) return work[0] * GENES;
  @if(!listed && !compact && !counted) return work[3];
}

/// Row of y for the i-th.
fn row_of(i: u32) -> u32 {
  @if(listed) return listed_row(i);
  @if(!listed) return i;
}

/// First four numbers of x for the i-th row.
fn x_place(i: u32) -> u32 {
  @if(gathered) return index[i] * INNER4;
  @if(!gathered) return row_of(i) * INNER4;
}

@if(half) fn x_at(at: u32) -> vec4<f16> { return x[at]; }
@if(half) fn w_at(at: u32) -> vec4<f16> { return w[at]; }
@if(!half) fn x_at(at: u32) -> vec4f {
  @if(x_packed) let value = unpacked4(x[at]);
  @if(!x_packed) let value = x[at];
  @if(activated) return value / (1.0 + exp(-value));
  @if(!activated) return value;
}
@if(!half && w_packed) fn w_at(at: u32) -> vec4f { return unpacked4(w[at]); }
@if(!half && !w_packed) fn w_at(at: u32) -> vec4f { return w[at]; }

/// What a sum becomes, in four columns of a row.
fn finish(row: u32, column: u32, sum: vec4f) {
  var value = sum;
  @if(biased) { value += bias[COLUMN4 + column]; }
  @if(gelu) { value = gelu4(value); }
  let at = row * Y_STRIDE4 + COLUMN4 + column;
  @if(gated) { value *= modulations[place_of(row / GENES) * MODULATION4 + GATE4 + column]; }
  @if(y_packed) { y[at] = packed4(value); }
  @if(accumulate && !y_packed) { y[at] += value; }
  @if(!accumulate && !y_packed) { y[at] = value; }
}
