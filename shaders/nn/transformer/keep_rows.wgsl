// Copies what a step has captured to where every position of a text is kept.
//
// Computes  kept[slot][position] = captured[row] for rows within their texts
// Bindings  0 captured [rows][CAPTURED]; 1 work; 2 totals [slots]; 4 kept [SOME_TEXTS][CONTEXT][CAPTURED], slots from FIRST_TEXT on.
// Workgroup PLAIN_THREADS threads.
// Thread    a number of a row.
// Caller    dispatches (ceil(CAPTURED / PLAIN_THREADS), rows).
// Twin      src/nn/transformer/host/batch.ts, in f64.

import constants::{CAPTURED, CONTEXT, FIRST_TEXT, SOME_TEXTS, PLAIN_THREADS};

@group(0) @binding(0) var<storage, read> captured: array<f32>;
@group(0) @binding(1) var<storage, read> work: array<vec4u>;
@group(0) @binding(2) var<storage, read> totals: array<u32>;
@group(0) @binding(4) var<storage, read_write> kept: array<f32>;

@compute @workgroup_size(PLAIN_THREADS)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= CAPTURED || id.y >= work[0].x) { return; }
  let it = work[1u + id.y];
  if (it.x < FIRST_TEXT || it.x >= FIRST_TEXT + SOME_TEXTS || it.y >= totals[it.x]) { return; }
  kept[((it.x - FIRST_TEXT) * CONTEXT + it.y) * CAPTURED + id.x] = captured[id.y * CAPTURED + id.x];
}
