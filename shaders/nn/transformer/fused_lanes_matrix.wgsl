// Weights for threads with texts of their own: four outputs a load.
//
// Computes  four numbers of W at one k; of vectors four numbers
// Bindings  0 matrices: of each [k, filled up to fours][outputs in fours, filled up to blocks], in f32, halves, bfloats or bytes; 1 vectors (f32) in fours.
// Thread    each call stands alone.
// Caller    fused_lanes.wgsl and its parts.
// Twin      none: numbers are moved.

@if(f32) @group(0) @binding(0) var<storage, read> matrices: array<vec4f>;
@if(f16 || bf16) @group(0) @binding(0) var<storage, read> matrices: array<vec2u>;
@if(int8) @group(0) @binding(0) var<storage, read> matrices: array<u32>;
@group(0) @binding(1) var<storage, read> vectors: array<vec4f>;

/// Loads from one k to the next, fours of inputs, where scales and bias lie; NO_BIAS: none.
struct Matrix {
  at: u32,
  inputs4: u32,
  outputs4: u32,
  scales: u32,
  bias: u32,
}

const NO_BIAS = 0xffffffffu;

fn four_at(at: u32) -> vec4f {
  @if(f32) { return matrices[at]; }
  @if(f16) {
    let words = matrices[at];
    return vec4f(unpack2x16float(words.x), unpack2x16float(words.y));
  }
  @if(bf16) {
    let words = matrices[at];
    return bitcast<vec4f>(vec4u(words.x << 16u, words.x & 0xffff0000u, words.y << 16u, words.y & 0xffff0000u));
  }
  @if(int8) {
    let word = matrices[at];
    return vec4f(bitcast<vec4i>(vec4u(word << 24u, word << 16u, word << 8u, word)) >> vec4u(24u));
  }
}

/// Of four outputs, what becomes of their sums.
fn finished(matrix: Matrix, output4: u32, sums: vec4f) -> vec4f {
  var values = sums;
  @if(int8) { values *= vectors[matrix.scales + output4]; }
  if (matrix.bias != NO_BIAS) { values += vectors[matrix.bias + output4]; }
  return values;
}

/// W of one output at one k.
fn element(matrix: Matrix, output: u32, k: u32) -> f32 {
  let value = four_at(matrix.at + k * matrix.outputs4 + output / 4u)[output % 4u];
  @if(int8) { return value * vectors[matrix.scales + output / 4u][output % 4u]; }
  @if(!int8) { return value; }
}
