// A matrix product over rows of activations, and what may follow it.
//
// Computes  y[r][n] = b[n] + sum over k of x[r][k] w[k][n]. Conditions: `biased`; `accumulate` adds to y instead of overwriting it; `gelu` keeps that sum
//           in `before` and writes GELU of it; `gelu_slope` multiplies by the slope of GELU at `before`. With the transposed copy of a weight
//           it is the slope by a layer's inputs, dX = dY W^T.
// Bindings  0 x [ROWS][4 INPUTS4]; 1 w [4 INPUTS4][4 OUTPUTS4]; 2 b; 3 y [ROWS][4 OUTPUTS4]; 4 before, as y.
// Precision x, w, y and before in f32, or as pairs of 16 bits (conditions x_packed, w_packed, y_packed, before_packed; bf16); `half`: products in
//           halves, w as they are, x rounded. Sums are f32 always.
// Thread    a block of rows (unrolled r) by columns in fours (q): it loads r + 4 q vectors for 4 r q products. Its rows lie far apart, so that those of
//           neighbouring threads are neighbours.
// Order     over k from the first to the last, by fours: bits hang on no size of the block.
// Caller    dispatches linearGroups() of src/nn/tensor/kernels.ts, counted row by row through a 2-D grid.
// Twin      linear, linearInputs of src/nn/tensor/twin.ts.

import package::nn::tensor::gelu::{gelu4, gelu_slope4};
import package::nn::tensor::packed::{packed4, unpacked4};
import constants::{ROWS, INPUTS4, OUTPUTS4, BLOCK_ROWS, BLOCK_QUADS, LINEAR_THREADS};

@if(!x_packed) @group(0) @binding(0) var<storage, read> x: array<vec4f>;
@if(x_packed) @group(0) @binding(0) var<storage, read> x: array<vec2u>;
@if(half) @group(0) @binding(1) var<storage, read> w: array<vec4<f16>>;
@if(w_packed && !half) @group(0) @binding(1) var<storage, read> w: array<vec2u>;
@if(!w_packed && !half) @group(0) @binding(1) var<storage, read> w: array<vec4f>;
@if(biased) @group(0) @binding(2) var<storage, read> bias: array<vec4f>;
@if(!y_packed) @group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@if(y_packed) @group(0) @binding(3) var<storage, read_write> y: array<vec2u>;
@if(gelu && !before_packed) @group(0) @binding(4) var<storage, read_write> before: array<vec4f>;
@if(gelu && before_packed) @group(0) @binding(4) var<storage, read_write> before: array<vec2u>;
@if(gelu_slope && !before_packed) @group(0) @binding(4) var<storage, read> before: array<vec4f>;
@if(gelu_slope && before_packed) @group(0) @binding(4) var<storage, read> before: array<vec2u>;

const ROW_BLOCKS = (ROWS + BLOCK_ROWS - 1u) / BLOCK_ROWS;
const COLUMN_BLOCKS = (OUTPUTS4 + BLOCK_QUADS - 1u) / BLOCK_QUADS;

@if(x_packed && !half) fn input(at: u32) -> vec4f { return unpacked4(x[at]); }
@if(!x_packed && !half) fn input(at: u32) -> vec4f { return x[at]; }
@if(x_packed && half) fn input(at: u32) -> vec4<f16> { return vec4<f16>(unpacked4(x[at])); }
@if(!x_packed && half) fn input(at: u32) -> vec4<f16> { return vec4<f16>(x[at]); }

@if(half) fn weight(at: u32) -> vec4<f16> { return w[at]; }
@if(w_packed && !half) fn weight(at: u32) -> vec4f { return unpacked4(w[at]); }
@if(!w_packed && !half) fn weight(at: u32) -> vec4f { return w[at]; }

@if(biased) fn start(column: u32) -> vec4f { return bias[column]; }
@if(!biased) fn start(column: u32) -> vec4f { return vec4f(); }

/// Writes four sums.
fn put(at: u32, sum: vec4f) {
  var value = sum;
  @if(gelu) {
    @if(before_packed) { before[at] = packed4(value); }
    @if(!before_packed) { before[at] = value; }
    value = gelu4(value);
  }
  @if(gelu_slope) {
    @if(before_packed) { value *= gelu_slope4(unpacked4(before[at])); }
    @if(!before_packed) { value *= gelu_slope4(before[at]); }
  }
  @if(accumulate) { value += y[at]; }
  @if(y_packed) { y[at] = packed4(value); }
  @if(!y_packed) { y[at] = value; }
}

@compute @workgroup_size(LINEAR_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * LINEAR_THREADS + local;
  if (index >= ROW_BLOCKS * COLUMN_BLOCKS) { return; }
  let row = index % ROW_BLOCKS;
  let column = BLOCK_QUADS * (index / ROW_BLOCKS);
  //! unroll r
  let x$r = min(row + $ru * ROW_BLOCKS, ROWS - 1u) * INPUTS4;
  //! end
  //! unroll q
  let w$q = min(column + $qu, OUTPUTS4 - 1u);
  //! end
  //! unroll q
  let b$q = start(w$q);
  //! unroll r
  var c$r_$q = b$q;
  //! end
  //! end
  for (var k = 0u; k < INPUTS4; k++) {
    let at = 4u * k * OUTPUTS4;
    //! unroll q
    let wx$q = weight(at + w$q); let wy$q = weight(at + OUTPUTS4 + w$q);
    let wz$q = weight(at + 2u * OUTPUTS4 + w$q); let ww$q = weight(at + 3u * OUTPUTS4 + w$q);
    //! end
    //! unroll r
    let a$r = input(x$r + k);
    //! unroll q
    c$r_$q = c$r_$q + vec4f(a$r.x * wx$q) + vec4f(a$r.y * wy$q) + vec4f(a$r.z * wz$q) + vec4f(a$r.w * ww$q);
    //! end
    //! end
  }
  //! unroll r
  //! unroll q
  if (row + $ru * ROW_BLOCKS < ROWS && column + $qu < OUTPUTS4) { put((row + $ru * ROW_BLOCKS) * OUTPUTS4 + column + $qu, c$r_$q); }
  //! end
  //! end
}
