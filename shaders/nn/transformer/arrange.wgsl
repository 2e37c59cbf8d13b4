// Puts rows of a weight, as files have them, into blocks of columns (nn/transformer/product_operands.wgsl).
//
// Computes  the unit of four inputs k of column n, n the place of a row: FIRST + STRIDE row, heads filled up to PADDED, where HALF > 0 halves of a head by turns
// Bindings  0 rows [rows][INNER4] units; 1 w: units from block `first_block` on; 2 place (uniform).
// Workgroup PLAIN_THREADS threads.
// Thread    a unit of four numbers: vec4u, vec2u (condition packed) or u32 (condition bytes).
// Caller    dispatches (ceil(rows INNER4 / PLAIN_THREADS)), counted row by row; columns of other parts are left alone.
// Twin      placeOfRow in src/nn/transformer/layered/layout.ts.

import constants::{PAIRS, PRODUCT_THREADS, PLAIN_THREADS};

struct Place {
  rows: u32,
  inner4: u32,
  /// Number of the first row in its tensor.
  row: u32,
  offset: u32,
  stride: u32,
  head: u32,
  padded: u32,
  half: u32,
  first_block: u32,
  blocks: u32,
  unused: vec2u,
}

@if(!packed && !bytes) @group(0) @binding(0) var<storage, read> rows: array<vec4u>;
@if(!packed && !bytes) @group(0) @binding(1) var<storage, read_write> w: array<vec4u>;
@if(packed) @group(0) @binding(0) var<storage, read> rows: array<vec2u>;
@if(packed) @group(0) @binding(1) var<storage, read_write> w: array<vec2u>;
@if(bytes) @group(0) @binding(0) var<storage, read> rows: array<u32>;
@if(bytes) @group(0) @binding(1) var<storage, read_write> w: array<u32>;
@group(0) @binding(2) var<uniform> place: Place;

const COLUMNS = 2u * PAIRS * PRODUCT_THREADS;

@compute @workgroup_size(PLAIN_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let at = (group.y * groups.x + group.x) * PLAIN_THREADS + local;
  if (at >= place.rows * place.inner4) { return; }
  let row = place.row + at / place.inner4;
  let k = at % place.inner4;
  var i = row % place.head;
  if (place.half > 0u) { i = select(2u * i, 2u * (i - place.half) + 1u, i >= place.half); }
  let n = place.offset + place.stride * (row / place.head * place.padded + i);
  let block = n / COLUMNS;
  if (block < place.first_block || block >= place.first_block + place.blocks) { return; }
  let within = n % COLUMNS;
  let c = within % (2u * PAIRS);
  w[((block - place.first_block) * place.inner4 + k) * COLUMNS + c * PRODUCT_THREADS + within / (2u * PAIRS)] = rows[at];
}
