// Products of a decoder's matrices with a vector that a text's threads share.
//
// Computes  y_o = scale_o (sum over k of W_ok x_k) + bias_o; W in f32, halves, bfloats or bytes with a scale a row, sums in f32
// Bindings  0 matrices: of each [k / K][out][K], K numbers a load, filled up with zeros along k; 1 vectors (f32): biases, scales and what else.
// Thread    outputs FUSED_THREADS apart, OUTPUTS of them at a time (unrolled r). Condition wide: a load is four words, else one, four loads a round (unrolled u).
// Order     over k from the first to the last: wide as four sums, each over every fourth k, added as (0 + 1) + (2 + 3); else as one.
// Caller    fused.wgsl. x is finite as far as rows are filled up.
// Twin      src/nn/transformer/twin.

import constants::LOAD_NUMBERS;

@if(wide) @group(0) @binding(0) var<storage, read> matrices: array<vec4u>;
@if(!wide) @group(0) @binding(0) var<storage, read> matrices: array<u32>;
@group(0) @binding(1) var<storage, read> vectors: array<f32>;

/// Where a matrix, its scales and its bias lie; NO_BIAS: none.
struct Matrix {
  at: u32,
  steps: u32,
  outputs: u32,
  scales: u32,
  bias: u32,
}

const NO_BIAS = 0xffffffffu;

@if(f16) fn two(word: u32) -> vec2f { return unpack2x16float(word); }
@if(bf16) fn two(word: u32) -> vec2f { return vec2f(bitcast<f32>(word << 16u), bitcast<f32>(word & 0xffff0000u)); }
@if(int8) fn four(word: u32) -> vec4f {
  let bytes = bitcast<vec4i>(vec4u(word << 24u, word << 16u, word << 8u, word)) >> vec4u(24u);
  return vec4f(bytes);
}

/// Four numbers of a load.
@if(wide) fn quad(load: vec4u, q: u32) -> vec4f {
  @if(f32) { return bitcast<vec4f>(load); }
  @if(f16 || bf16) {
    if (q == 0u) { return vec4f(two(load.x), two(load.y)); }
    return vec4f(two(load.z), two(load.w));
  }
  @if(int8) { return four(load[q]); }
}

/// W of one output and one k.
fn element(matrix: Matrix, output: u32, k: u32) -> f32 {
  let at = matrix.at + k / LOAD_NUMBERS * matrix.outputs + output;
  @if(wide) let value = quad(matrices[at], k % LOAD_NUMBERS / 4u)[k % 4u];
  @if(!wide && f32) let value = bitcast<f32>(matrices[at]);
  @if(!wide && (f16 || bf16)) let value = two(matrices[at])[k % 2u];
  @if(!wide && int8) let value = four(matrices[at])[k % 4u];
  @if(int8) { return value * vectors[matrix.scales + output]; }
  @if(!int8) { return value; }
}

fn finished(matrix: Matrix, output: u32, sum: f32) -> f32 {
  var value = sum;
  @if(int8) { value *= vectors[matrix.scales + output]; }
  if (matrix.bias != NO_BIAS) { value += vectors[matrix.bias + output]; }
  return value;
}
