// Adds what a step has captured to the sums of the windows of its texts.
//
// Computes  sums[slot][window] += captured[row] for the rows of a text whose positions lie in the window and in the text
// Bindings  0 captured [rows][CAPTURED]; 1 work (nn/transformer/product_operands.wgsl, binding 3 there); 2 totals [slots]: ids of each text; 3 windows [slots][WINDOWS]
//           (from, to); 4 sums [slots][SOME_WINDOWS][CAPTURED], windows from FIRST_WINDOW on.
// Workgroup PLAIN_THREADS threads.
// Thread    a number of a text: its rows ascend, so that sums hang on no step.
// Caller    dispatches (ceil(CAPTURED / PLAIN_THREADS), segments).
// Twin      src/nn/transformer/host/batch.ts, in f64.

import constants::{CAPTURED, WINDOWS, FIRST_WINDOW, SOME_WINDOWS, SEGMENTS_AT, PLAIN_THREADS};

@group(0) @binding(0) var<storage, read> captured: array<f32>;
@group(0) @binding(1) var<storage, read> work: array<vec4u>;
@group(0) @binding(2) var<storage, read> totals: array<u32>;
@group(0) @binding(3) var<storage, read> windows: array<vec2u>;
@group(0) @binding(4) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(PLAIN_THREADS)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= CAPTURED || id.y >= work[0].z) { return; }
  let segment = work[SEGMENTS_AT + id.y];
  let slot = work[1u + segment.x].x;
  let position = work[1u + segment.x].y;
  for (var i = 0u; i < SOME_WINDOWS; i++) {
    let window = windows[slot * WINDOWS + FIRST_WINDOW + i];
    let begin = max(window.x, position);
    let end = min(min(window.y, totals[slot]), position + segment.y);
    let at = (slot * SOME_WINDOWS + i) * CAPTURED + id.x;
    if (begin < end) {
      var sum = sums[at];
      for (var p = begin; p < end; p++) { sum += captured[(segment.x + p - position) * CAPTURED + id.x]; }
      sums[at] = sum;
    }
  }
}
