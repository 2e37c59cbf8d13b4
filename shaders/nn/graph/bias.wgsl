// A tensor of one dimension of a vector of parameters, where it lies in the vector: B_WIDTH numbers, B_SKIP numbers into the bound stretch.
//
// Computes  four numbers from column 4 c on; beyond the last they are 0. Condition b_aligned: it begins and ends at multiples of 4.
// Bindings  2 b.
// Caller    b_aligned: columns that are there.
// Twin      none: a place in a list.

import constants::{B_SKIP, B_WIDTH};

@if(b_aligned) @group(0) @binding(2) var<storage, read> b: array<vec4f>;
@if(!b_aligned) @group(0) @binding(2) var<storage, read> b: array<f32>;

@if(b_aligned) fn b_at(c: u32) -> vec4f { return b[B_SKIP / 4u + c]; }

@if(!b_aligned) fn b_at(c: u32) -> vec4f {
  return vec4f(b_number(4u * c), b_number(4u * c + 1u), b_number(4u * c + 2u), b_number(4u * c + 3u));
}

@if(!b_aligned) fn b_number(column: u32) -> f32 {
  return select(0.0, b[B_SKIP + min(column, B_WIDTH - 1u)], column < B_WIDTH);
}
