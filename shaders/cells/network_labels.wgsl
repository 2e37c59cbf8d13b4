// Labels of cells as the rows of the score network's tables.
//
// Computes  labels[condition][place]: the cell's label; the table's last row, "none", for a cell without one and for the pass without labels
// Bindings  0 given [cell][2] perturbation and cell type, 1 labels: a stretch for each condition that the network has, each from a multiple of 64 words; 9 chunk
// Workgroup THREADS threads.
// Thread    one place; place p cells + cell is the cell in pass p.
// Caller    dispatches ceil(places / THREADS) workgroups once a chunk. NONE_n: number of labels of the n-th condition;
//           conditions perturbation, cell_type: the network has them.
// Twin      tableRow of src/workloads/cells/sampling/cell-questions.ts.

import package::cells::network_chunk::chunk;
import constants::{NONE_0, NONE_1, THREADS};

@group(0) @binding(0) var<storage, read> given: array<vec2u>;
@group(0) @binding(1) var<storage, read_write> labels: array<u32>;

const ALIGNED = 64u;

@compute @workgroup_size(THREADS)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= chunk.places) {
    return;
  }
  let own = given[id.x % chunk.cells];
  let labelled = id.x < chunk.cells;
  @if(perturbation) { labels[id.x] = select(NONE_0, min(own.x, NONE_0), labelled); }
  var offset = 0u;
  @if(perturbation) { offset = ALIGNED * ((chunk.places + ALIGNED - 1u) / ALIGNED); }
  @if(cell_type) { labels[offset + id.x] = select(NONE_1, min(own.y, NONE_1), labelled); }
}
