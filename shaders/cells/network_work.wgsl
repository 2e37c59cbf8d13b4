// The list of places and rows that a piece asks the score network for.
//
// Computes  work as nn/tensor/work.wgsl reads it: active places, listed rows place by place, where those of each begin, and how many threads share them
// Bindings  0 piece, 1 rows, 2 places, 3 active cells, all of the chunk's lists (cells/piece.wgsl); 4 shares [GENES + 1] by the most rows of a cell;
//           5 work; 9 chunk
// Workgroup THREADS threads.
// Thread    one row of the piece, and the place that it is the first of; the first thread also the header.
// Caller    dispatches ceil(rows / THREADS) workgroups after next_piece. Condition without: the pass without labels.
// Twin      workWords of src/nn/tensor/work.ts.

import package::cells::piece::piece;
import package::cells::network_chunk::chunk;
import constants::{GENES, THREADS};

@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> places: array<u32>;
@group(0) @binding(3) var<storage, read> active_cells: array<u32>;
@group(0) @binding(4) var<storage, read> shares: array<u32>;
@group(0) @binding(5) var<storage, read_write> work: array<u32>;

const ACTIVE = 8u;

@compute @workgroup_size(THREADS)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  let starts = ACTIVE + chunk.places;
  let listed = starts + chunk.places + 1u;
  if (i == 0u) {
    work[0] = piece.cells;
    work[1] = piece.rows;
    work[2] = shares[piece.most];
    work[3] = chunk.places;
    work[4] = chunk.cells;
    work[5] = starts;
    work[6] = listed;
    work[starts + piece.cells] = piece.rows;
  }
  if (i >= piece.rows) {
    return;
  }
  let at = piece.first_row + i;
  let b = places[at] - piece.first_cell;
  work[listed + i] = b * GENES + rows[at] % GENES;
  if (i == 0u || places[at - 1u] != places[at]) {
    let cell = active_cells[piece.first_cell + b];
    @if(without) { work[ACTIVE + b] = chunk.cells + cell; }
    @if(!without) { work[ACTIVE + b] = cell; }
    work[starts + b] = i;
  }
}
