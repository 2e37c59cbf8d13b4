// Weights for threads that share a text: a load holds numbers of one output, so that neighbours read what lies side by side.
//
// Computes  numbers of W, in f32, halves, bfloats or bytes with a scale a row; of a sum over k, scale_o sum + bias_o
// Bindings  0 matrices: of each [k / K][out][K], K numbers a load of four words, filled up with zeros along k; 1 vectors (f32): biases, scales and what else.
// Thread    each call stands alone.
// Order     none.
// Caller    fused.wgsl and its parts.
// Twin      none: numbers are moved.

import constants::LOAD_NUMBERS;

@group(0) @binding(0) var<storage, read> matrices: array<vec4u>;
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
fn quad(load: vec4u, q: u32) -> vec4f {
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
  let value = quad(matrices[at], k % LOAD_NUMBERS / 4u)[k % 4u];
  @if(int8) { return value * vectors[matrix.scales + output]; }
  @if(!int8) { return value; }
}

fn finished(matrix: Matrix, output: u32, sum: f32) -> f32 {
  var value = sum;
  @if(int8) { value *= vectors[matrix.scales + output]; }
  if (matrix.bias != NO_BIAS) { value += vectors[matrix.bias + output]; }
  return value;
}
