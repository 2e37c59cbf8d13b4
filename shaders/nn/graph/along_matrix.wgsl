// A tensor of the vector that is the direction, laid out as matrix.wgsl says.
//
// Computes  four numbers of a row from column 4 c on, as w_at.
// Bindings  4 w'.
// Caller    as of w_at.
// Twin      none: a place in a list.

import constants::{W_SKIP, W_WIDTH, W_ROWS};

@if(w_aligned) @group(0) @binding(4) var<storage, read> dw: array<vec4f>;
@if(!w_aligned) @group(0) @binding(4) var<storage, read> dw: array<f32>;

@if(w_aligned) fn dw_at(row: u32, c: u32) -> vec4f { return dw[W_SKIP / 4u + row * (W_WIDTH / 4u) + c]; }

@if(!w_aligned) fn dw_at(row: u32, c: u32) -> vec4f {
  let at = W_SKIP + min(row, W_ROWS - 1u) * W_WIDTH;
  return vec4f(dw_number(at, 4u * c), dw_number(at, 4u * c + 1u), dw_number(at, 4u * c + 2u), dw_number(at, 4u * c + 3u));
}

@if(!w_aligned) fn dw_number(at: u32, column: u32) -> f32 {
  return select(0.0, dw[at + min(column, W_WIDTH - 1u)], column < W_WIDTH);
}
