// What the attention kernels of a training share: where q, k and v lie.
//
// Layout    qkv [cells GENES][3][HEADS][4 HEAD4], in f32 or packed (conditions packed, bf16); sums of a head [cells][HEADS][4 GENES4], filled up. Condition
//           causal: a gene sees itself and those before it only.
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

/// Which of four keys from `key` on a query sees.
fn seen(key: u32, query: u32) -> vec4<bool> {
  let four = vec4u(key, key + 1u, key + 2u, key + 3u);
  @if(causal) return four <= vec4u(min(query, GENES - 1u));
  @if(!causal) return four < vec4u(GENES);
}

/// Which of four queries from `query` on see a key.
fn seeing(query: u32, key: u32) -> vec4<bool> {
  let four = vec4u(query, query + 1u, query + 2u, query + 3u);
  @if(causal) return (four >= vec4u(key)) & (four < vec4u(GENES));
  @if(!causal) return four < vec4u(GENES);
}

/// Where the keys end that some of the queries from `first` on see.
fn keys_end(first: u32, queries: u32) -> u32 {
  @if(causal) return min(first + queries, GENES);
  @if(!causal) return GENES;
}

/// First of four queries that may see a key.
fn queries_begin(key: u32) -> u32 {
  @if(causal) return 4u * (key / 4u);
  @if(!causal) return 0u;
}
