// Slopes by the modulations of every cell, from those of its rows.
//
// Computes  ds = sum over the cell's rows of dh, dk = sum of dh n, n the normalised row; condition gated: dg = sum of dx y, of the branch that the residual
//           sum added; into dmodulations where the gate is of the same modulations (own_gate).
// Bindings  0 dh [cells GENES][4 WIDTH4]; 1 x; 2 statistics; 3 dmodulations [cells][STRIDE4]; 4 dx, 5 y, 6 dgates [cells][GATE_STRIDE4].
// Thread    four columns of a cell.
// Order     over the genes from the first to the last.
// Caller    one thread each of CELLS x WIDTH4, workgroups counted row by row; norm_backward.wgsl has run.
// Twin      modulatedBackward of src/nn/tensor/twin.ts.

import constants::{CELLS, GENES, WIDTH4, STRIDE4, SHIFT4, SCALE4, GATE_STRIDE4, GATE4, ROW_THREADS};

@group(0) @binding(0) var<storage, read> dh: array<vec4f>;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> statistics: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> dmodulations: array<vec4f>;
@if(gated) @group(0) @binding(4) var<storage, read> dx: array<vec4f>;
@if(gated) @group(0) @binding(5) var<storage, read> y: array<vec4f>;
@if(gated && !own_gate) @group(0) @binding(6) var<storage, read_write> dgates: array<vec4f>;

@compute @workgroup_size(ROW_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * ROW_THREADS + local;
  if (index >= CELLS * WIDTH4) { return; }
  let cell = index / WIDTH4;
  let j = index % WIDTH4;
  var shift = vec4f();
  var scale = vec4f();
  var gate = vec4f();
  for (var row = cell * GENES; row < (cell + 1u) * GENES; row++) {
    let at = row * WIDTH4 + j;
    let slope = dh[at];
    shift += slope;
    scale += slope * ((x[at] - statistics[row].x) * statistics[row].y);
    @if(gated) { gate += dx[at] * y[at]; }
  }
  dmodulations[cell * STRIDE4 + SHIFT4 + j] = shift;
  dmodulations[cell * STRIDE4 + SCALE4 + j] = scale;
  @if(gated && own_gate) { dmodulations[cell * STRIDE4 + GATE4 + j] = gate; }
  @if(gated && !own_gate) { dgates[cell * GATE_STRIDE4 + GATE4 + j] = gate; }
}
