// The stream before the first block: the row of each position's token, and of the position where positions are learned.
//
// Computes  x0 = SCALE E[id] (+ P[position], condition learned), captured (condition captured)
// Bindings  1 E in the layout of product_operands.wgsl, columns its tokens; 3 work; 4 stream [rows][4 INNER4]; 5 captured; 6 ids [slots][CONTEXT]; 7 P [..][4 INNER4].
// Workgroup PLAIN_THREADS threads.
// Thread    four numbers of a row.
// Caller    dispatches (ceil(rows INNER4 / PLAIN_THREADS)) once for every part of E; tokens of other parts are left alone.
// Twin      src/nn/transformer/host/pass.ts, in f64.

import package::nn::transformer::product_operands::{COLUMNS, ROWS_AT, row_count, scale_of, unit_of, weight_at, work};
import constants::{INNER, INNER4, PLAIN_THREADS, FIRST_BLOCK, BLOCKS, SCALE, CONTEXT, CAPTURED, RESIDUAL_AT};

@group(0) @binding(4) var<storage, read_write> stream: array<vec4f>;
@if(captured) @group(0) @binding(5) var<storage, read_write> captured: array<f32>;
@group(0) @binding(6) var<storage, read> ids: array<u32>;
@if(learned) @group(0) @binding(7) var<storage, read> places: array<vec4f>;

@compute @workgroup_size(PLAIN_THREADS)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x / INNER4;
  let k = id.x % INNER4;
  if (row >= row_count()) { return; }
  let it = work[ROWS_AT + row];
  let token = ids[it.x * CONTEXT + it.y];
  if (token < FIRST_BLOCK * COLUMNS || token >= (FIRST_BLOCK + BLOCKS) * COLUMNS) { return; }
  var value = SCALE * (scale_of(token) * weight_at(unit_of(token) + k * COLUMNS));
  @if(learned) { value += places[it.y * INNER4 + k]; }
  stream[row * INNER4 + k] = value;
  @if(captured) {
    let at = row * CAPTURED + RESIDUAL_AT + 4u * k;
    let there = min(INNER - 4u * k, 4u);
    captured[at] = value.x;
    if (there > 1u) { captured[at + 1u] = value.y; }
    if (there > 2u) { captured[at + 2u] = value.z; }
    if (there > 3u) { captured[at + 3u] = value.w; }
  }
}
