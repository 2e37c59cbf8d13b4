// A tensor of a vector of parameters, where it lies in the vector: rows of W_WIDTH numbers, W_SKIP numbers into the bound stretch.
//
// Computes  four numbers of a row from column 4 c on; condition w_aligned: rows begin and end at multiples of 4 there. Else columns beyond the last are 0, and
//           rows beyond the last are read as the last.
// Bindings  1 w.
// Caller    w_aligned: a row that is there.
// Twin      none: a place in a list.

import constants::{W_SKIP, W_WIDTH, W_ROWS};

@if(w_aligned) @group(0) @binding(1) var<storage, read> w: array<vec4f>;
@if(!w_aligned) @group(0) @binding(1) var<storage, read> w: array<f32>;

/// Where four numbers lie, for loops that go on from there; and what lies there.
@if(w_aligned) fn w_place(row: u32, c: u32) -> u32 { return W_SKIP / 4u + row * (W_WIDTH / 4u) + c; }
@if(w_aligned) fn w_four(place: u32) -> vec4f { return w[place]; }

@if(w_aligned) fn w_at(row: u32, c: u32) -> vec4f { return w_four(w_place(row, c)); }

@if(!w_aligned) fn w_at(row: u32, c: u32) -> vec4f {
  let at = W_SKIP + min(row, W_ROWS - 1u) * W_WIDTH;
  return vec4f(w_number(at, 4u * c), w_number(at, 4u * c + 1u), w_number(at, 4u * c + 2u), w_number(at, 4u * c + 3u));
}

@if(!w_aligned) fn w_number(at: u32, column: u32) -> f32 {
  return select(0.0, w[at + min(column, W_WIDTH - 1u)], column < W_WIDTH);
}
