// Rows of a table by index, and of a second table by place.
//
// Computes  y[r] = T[index[r]], condition positions: + P[r mod GENES].
// Bindings  0 T [..][4 WIDTH4], 1 index [ROWS], 2 y [ROWS][4 WIDTH4], 3 P [GENES][4 WIDTH4]; tables in f32 or packed (conditions packed, bf16).
// Thread    four numbers of a row.
// Caller    one thread each of ROWS WIDTH4, workgroups counted row by row; an index within the table.
// Twin      rows of src/nn/score-network/twin-backward.ts.

import package::nn::tensor::packed::unpacked4;
import constants::{ROWS, WIDTH4, GENES, ROW_THREADS};

@if(!packed) @group(0) @binding(0) var<storage, read> rows: array<vec4f>;
@if(packed) @group(0) @binding(0) var<storage, read> rows: array<vec2u>;
@group(0) @binding(1) var<storage, read> index: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;
@if(positions && !packed) @group(0) @binding(3) var<storage, read> places: array<vec4f>;
@if(positions && packed) @group(0) @binding(3) var<storage, read> places: array<vec2u>;

@if(packed) fn entry(at: u32) -> vec4f { return unpacked4(rows[at]); }
@if(!packed) fn entry(at: u32) -> vec4f { return rows[at]; }

@compute @workgroup_size(ROW_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let at = (group.y * groups.x + group.x) * ROW_THREADS + local;
  if (at >= ROWS * WIDTH4) { return; }
  let row = at / WIDTH4;
  let j = at % WIDTH4;
  var value = entry(index[row] * WIDTH4 + j);
  @if(positions && packed) { value += unpacked4(places[(row % GENES) * WIDTH4 + j]); }
  @if(positions && !packed) { value += places[(row % GENES) * WIDTH4 + j]; }
  y[at] = value;
}
