// How many cells a chunk of the score network has room for: numbers, not text, so that chunks of any size run the same kernels.
//
// Bindings  9 chunk
// Caller    writes it once. Place p * cells + cell is the cell in pass p: 0 with its labels, 1 without.

struct Chunk {
  cells: u32,
  places: u32,
  pad0: u32,
  pad1: u32,
}

@group(0) @binding(9) var<uniform> chunk: Chunk;
