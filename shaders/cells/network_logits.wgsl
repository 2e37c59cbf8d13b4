// The score network's outputs as the draw reads them: without the mask's, in rows of its own stride.
//
// Computes  logits[i][v] = outputs[i][v], v < BINS
// Bindings  0 piece, 1 outputs [row of the piece][OUTPUT_STRIDE], 2 logits [row of the piece][STRIDE]
// Workgroup THREADS threads.
// Thread    one row.
// Caller    dispatches ceil(rows / THREADS) workgroups behind the network and before draw_logits.
// Twin      none: nothing is computed.

import package::cells::piece::piece;
import constants::{BINS, OUTPUT_STRIDE, STRIDE, THREADS};

@group(0) @binding(1) var<storage, read> outputs: array<f32>;
@group(0) @binding(2) var<storage, read_write> logits: array<f32>;

@compute @workgroup_size(THREADS)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= piece.rows) {
    return;
  }
  for (var v = 0u; v < BINS; v++) { logits[id.x * STRIDE + v] = outputs[id.x * OUTPUT_STRIDE + v]; }
}
