// What a product of the layered decoder reads: rows of activations, a weight in blocks of columns, the list of a step.
//
// Computes  a weight's four numbers of a column, widened to f32; the scale of a column; rows of a step.
// Layout    w [blocks][INNER4][2 PAIRS][PRODUCT_THREADS] units of four inputs of a column: neighbouring threads read neighbouring units, and a thread's
//           2 PAIRS columns are consecutive ones. A unit is vec4f, two words of halves or bfloats (condition packed, bf16), or a word of bytes (condition
//           bytes), whose scales [blocks COLUMNS] f32 lie behind the blocks.
//           work: (rows, wanted, segments, 0); ROWS_AT: (slot, position) a row; WANTED_AT: (row) of logits; SEGMENTS_AT: (first row, rows) of a text;
//           SLOTS_AT: (prompt, strength bits) of a slot.
// Bindings  0 x [..][4 INNER4] f32; 1 w; 3 work.
// Thread    each call stands alone.
// Caller    nn/transformer/product.wgsl, nn/transformer/embed.wgsl.
// Twin      src/nn/transformer/storage.ts (what is stored), src/nn/transformer/layered/list.ts (work).

import constants::{INNER4, PAIRS, PRODUCT_THREADS, FIRST_BLOCK, BLOCKS, WANTED_AT};

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@if(!packed && !bytes) @group(0) @binding(1) var<storage, read> w: array<vec4f>;
@if(packed) @group(0) @binding(1) var<storage, read> w: array<vec2u>;
@if(bytes) @group(0) @binding(1) var<storage, read> w: array<u32>;
@group(0) @binding(3) var<storage, read> work: array<vec4u>;

const COLUMNS = 2u * PAIRS * PRODUCT_THREADS;
const ROWS_AT = 1u;

fn weight_at(at: u32) -> vec4f {
  @if(!packed && !bytes) { return w[at]; }
  @if(packed && bf16) { return bitcast<vec4f>(vec4u(w[at].x << 16u, w[at].x & 0xffff0000u, w[at].y << 16u, w[at].y & 0xffff0000u)); }
  @if(packed && !bf16) { return vec4f(unpack2x16float(w[at].x), unpack2x16float(w[at].y)); }
  @if(bytes) { return vec4f(unpack4xI8(w[at])); }
}

/// Of a column counted over all blocks of the matrix.
fn scale_of(column: u32) -> f32 {
  @if(bytes) { return bitcast<f32>(w[BLOCKS * INNER4 * COLUMNS + column - FIRST_BLOCK * COLUMNS]); }
  @if(!bytes) { return 1.0; }
}

/// Unit of the first four inputs of a column; those behind it are COLUMNS apart.
fn unit_of(column: u32) -> u32 {
  let within = column % COLUMNS;
  let c = within % (2u * PAIRS);
  return (column / COLUMNS - FIRST_BLOCK) * INNER4 * COLUMNS + c * PRODUCT_THREADS + within / (2u * PAIRS);
}

fn row_count() -> u32 {
  @if(wanted) { return work[0].y; }
  @if(!wanted) { return work[0].x; }
}

/// First four numbers of the i-th row.
fn x_place(i: u32) -> u32 {
  @if(wanted) { return work[WANTED_AT + i].x * INNER4; }
  @if(!wanted) { return i * INNER4; }
}
