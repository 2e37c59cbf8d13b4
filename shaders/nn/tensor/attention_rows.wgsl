// What the attention kernels of a training share: where q, k and v lie.
//
// Layout    qkv [cells GENES][3][HEADS][4 HEAD4], in f32 or packed (conditions packed, bf16); sums of a head [cells][HEADS][4 GENES4], filled up.
// Bindings  0 qkv.
// Caller    unrolls h HEAD4 times: a head's numbers in fours.
// Twin      placeOf of src/nn/tensor/attention-twin.ts.

import package::nn::tensor::packed::unpacked4;
import constants::{GENES, HEADS, HEAD4};

@if(!packed) @group(0) @binding(0) var<storage, read> qkv: array<vec4f>;
@if(packed) @group(0) @binding(0) var<storage, read> qkv: array<vec2u>;

const WIDTH4 = HEADS * HEAD4;
const GENES4 = (GENES + 3u) / 4u;
/// Scores are q k over the root of this.
const HEAD_ROOT = sqrt(f32(4u * HEAD4));

@if(packed) fn qkv_at(at: u32) -> vec4f { return unpacked4(qkv[at]); }
@if(!packed) fn qkv_at(at: u32) -> vec4f { return qkv[at]; }

/// First four numbers of q (0), k (1) or v (2) of a gene, beyond the cell's last that of the last.
fn place(cell: u32, head: u32, which: u32, gene: u32) -> u32 {
  return ((cell * GENES + min(gene, GENES - 1u)) * 3u + which) * WIDTH4 + head * HEAD4;
}

/// The same in rows of one width.
fn row_place(cell: u32, head: u32, gene: u32) -> u32 {
  return (cell * GENES + min(gene, GENES - 1u)) * WIDTH4 + head * HEAD4;
}

/// Which of four genes from `gene` on there are.
fn present(gene: u32) -> vec4<bool> {
  return vec4u(gene, gene + 1u, gene + 2u, gene + 3u) < vec4u(GENES);
}
