// What the first block reads: the embeddings of a gene's token and of the gene.
//
// Computes  x[b GENES + gene] = T[token] + G[gene] for the active places b.
// Bindings  0 T [tokens][4 WIDTH4], 1 G [genes][4 WIDTH4], in f32 or packed (conditions packed, bf16); 2 tokens [cells][GENES]; 3 work (nn/tensor/work.wgsl);
//           4 x [..][4 WIDTH4].
// Workgroup ROW_THREADS threads.
// Thread    four numbers of a row. A place modulo the chunk's cells is where its tokens lie: several passes over one cell share them.
// Caller    one thread each of active places x GENES x WIDTH4, workgroups counted row by row; tokens within T.
// Twin      scoreForward of src/nn/score-network/twin.ts.

import package::nn::tensor::packed::unpacked4;
import package::nn::tensor::work::{place_of, work};
import constants::{GENES, WIDTH4, ROW_THREADS};

@if(packed) @group(0) @binding(0) var<storage, read> token_table: array<vec2u>;
@if(packed) @group(0) @binding(1) var<storage, read> gene_table: array<vec2u>;
@if(!packed) @group(0) @binding(0) var<storage, read> token_table: array<vec4f>;
@if(!packed) @group(0) @binding(1) var<storage, read> gene_table: array<vec4f>;
@group(0) @binding(2) var<storage, read> tokens: array<u32>;
@group(0) @binding(4) var<storage, read_write> x: array<vec4f>;

@compute @workgroup_size(ROW_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let at = (group.y * groups.x + group.x) * ROW_THREADS + local;
  let row = at / WIDTH4;
  let j = at % WIDTH4;
  let b = row / GENES;
  if (b >= work[0]) { return; }
  let gene = row % GENES;
  let token = tokens[place_of(b) % work[4] * GENES + gene];
  @if(packed) { x[at] = unpacked4(token_table[token * WIDTH4 + j]) + unpacked4(gene_table[gene * WIDTH4 + j]); }
  @if(!packed) { x[at] = token_table[token * WIDTH4 + j] + gene_table[gene * WIDTH4 + j]; }
}
