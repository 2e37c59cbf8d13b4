// Logits of a law that is small enough to enumerate: looked up by the visible state of the cell.
//
// Computes  logits[i][v] = table[law][state of the cell][gene][v], the state in base BINS + 1 with the first gene slowest; the law is that of the
//           cell's label, the last one where it has none
// Bindings  0 piece, 1 rows, 2 tokens [cell][GENES], 3 table [LAWS][STATES][GENES][STRIDE], 4 logits [row of the piece][STRIDE]; with condition
//           labelled 5 labels [cell][2]
// Workgroup THREADS threads.
// Thread    one row.
// Caller    dispatches ceil(rows / THREADS) workgroups before draw_logits; STATES = (BINS + 1)^GENES fits memory.
// Twin      src/workloads/cells/sampling/table-predictor.ts.

import package::cells::piece::piece;
import constants::{BINS, GENES, LAWS, STATES, STRIDE, THREADS};

@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> tokens: array<u32>;
@group(0) @binding(3) var<storage, read> table: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> logits: array<vec4f>;
@if(labelled) @group(0) @binding(5) var<storage, read> labels: array<vec2u>;

const QUADS = STRIDE / 4u;

@compute @workgroup_size(THREADS)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= piece.rows) {
    return;
  }
  let row = rows[piece.first_row + id.x];
  let cell = row / GENES;
  var state = 0u;
  for (var gene = 0u; gene < GENES; gene++) { state = state * (BINS + 1u) + tokens[cell * GENES + gene]; }
  var law = LAWS - 1u;
  @if(labelled) { law = min(labels[cell].x, law); }
  let at = ((law * STATES + state) * GENES + row % GENES) * QUADS;
  for (var q = 0u; q < QUADS; q++) { logits[id.x * QUADS + q] = table[at + q]; }
}
