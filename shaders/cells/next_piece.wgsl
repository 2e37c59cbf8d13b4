// Turns to the next piece, so that the kernels of many pieces can be encoded into one submit with the same bindings.
//
// Computes  piece = pieces[piece.next], with the number after it as its `next`
// Bindings  0 piece, 1 pieces of the chunk
// Workgroup 1 thread.
// Caller    starts with piece.next = 0 and dispatches once a piece, never more often than there are pieces.
// Twin      the loop over pieces in src/workloads/cells/sampling/twin.ts.

import package::cells::piece::Piece;

@group(0) @binding(0) var<storage, read_write> piece: Piece;
@group(0) @binding(1) var<storage, read> pieces: array<Piece>;

@compute @workgroup_size(1)
fn main() {
  let number = piece.next;
  piece = pieces[number];
  piece.next = number + 1u;
}
