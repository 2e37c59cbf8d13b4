// The piece of a step that is being sampled: some cells with all the rows that they reveal in it.
//
// Bindings  0 piece, written by cells/next_piece.wgsl
// Rows      of the piece are rows[first_row …] of the chunk's list, a row being cell * GENES + gene; its active cells are cells[first_cell …], and
//           places[i] - first_cell is where the cell of rows[i] lies among them.
// Caller    dispatches next_piece once before the kernels of a piece.
// Twin      src/workloads/cells/sampling/pieces.ts.

struct Piece {
  step: u32,
  first_row: u32,
  rows: u32,
  first_cell: u32,
  cells: u32,
  /// Number of the piece that comes after it.
  next: u32,
  /// Most rows of one of its cells.
  most: u32,
  pad: u32,
}

@group(0) @binding(0) var<storage, read> piece: Piece;
