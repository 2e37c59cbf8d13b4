// A tensor of a vector of parameters that gradients are added to: G_ROWS rows of G_WIDTH numbers, G_SKIP numbers into the bound stretch.
//
// Computes  what four numbers hold, and what they come to with a row's own gradient: + part, condition square: + part^2.
// Bindings  3 into; condition g_aligned: rows begin and end at multiples of 4.
// Caller    rows one after the other: any split of them gives equal bits. Numbers beyond the last row or column are read as 0 and not written.
// Twin      the sums over rows of src/nn/graph/twin.

import constants::{G_SKIP, G_WIDTH, G_ROWS};

@if(g_aligned) @group(0) @binding(3) var<storage, read_write> into_: array<vec4f>;
@if(!g_aligned) @group(0) @binding(3) var<storage, read_write> into_: array<f32>;

fn into_at(row: u32, c: u32) -> vec4f {
  if (row >= G_ROWS || 4u * c >= G_WIDTH) { return vec4f(); }
  @if(g_aligned) return into_[G_SKIP / 4u + row * (G_WIDTH / 4u) + c];
  @if(!g_aligned) {
    var four = vec4f();
    for (var i = 0u; i < 4u; i++) {
      if (4u * c + i < G_WIDTH) { four[i] = into_[G_SKIP + row * G_WIDTH + 4u * c + i]; }
    }
    return four;
  }
}

fn put_into(row: u32, c: u32, value: vec4f) {
  if (row >= G_ROWS || 4u * c >= G_WIDTH) { return; }
  @if(g_aligned) { into_[G_SKIP / 4u + row * (G_WIDTH / 4u) + c] = value; }
  @if(!g_aligned) {
    for (var i = 0u; i < 4u; i++) {
      if (4u * c + i < G_WIDTH) { into_[G_SKIP + row * G_WIDTH + 4u * c + i] = value[i]; }
    }
  }
}

fn with_row(held: vec4f, part: vec4f) -> vec4f {
  @if(square) return held + part * part;
  @if(!square) return held + part;
}
