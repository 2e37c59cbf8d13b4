// What a step of sampling evaluates: some places of a chunk, and of these the rows that reveal.
//
// Layout    work[0] active places, [1] listed rows, [2] threads that share a place's and head's listed rows, [3] places and [4] cells of the chunk, [5] where the
//           starts begin and [6] the rows; from ACTIVE on the active places; then where the listed rows of each begin, and where the last end; then the
//           rows, place by place: index among the active GENES + gene.
// Bindings  3 work.
// Caller    writes it before, from the host or by a kernel.
// Twin      workWords of src/nn/tensor/work.ts.

@group(0) @binding(3) var<storage, read> work: array<u32>;

const ACTIVE = 8u;

/// The b-th active place of the chunk.
fn place_of(b: u32) -> u32 { return work[ACTIVE + b]; }

fn listed_row(i: u32) -> u32 { return work[work[6] + i]; }

/// Where the listed rows of the b-th active place begin; those of the one behind it where they end.
fn start_of(b: u32) -> u32 { return work[work[5] + b]; }
