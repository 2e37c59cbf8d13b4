// Derivative of a weight's gradient along a direction: of every row the sum over its positions, added row after row.
//
// Computes  G[m][n] + sum over rows of (sum over the row's positions t of u'[t][m] v[t][n] + u[t][m] v'[t][n]): R{u^T v} (Pearlmutter 1994). Condition tied: a table
//           of embeddings that the unembedding reads, too: + e'[t][n] where m is the id of t.
// Bindings  0 u, 4 u' [tokens][4 U4]; 1 v, 5 v', 2 e' (tied) [tokens][4 V4]; 3 G (into.wgsl); 7 batch.
// Thread    a block of G: rows in fours (unrolled p) by columns in fours (q).
// Order     over the positions of a row from the first to the last, whatever the block; over the rows in theirs.
// Caller    one thread a block, workgroups counted row by row.
// Twin      linearTurn of src/nn/graph/twin/linear.ts.

import package::nn::graph::batch::{id_of, row_count, row_start};
import package::nn::graph::into::{into_at, put_into, with_row};
import constants::{U4, V4, BLOCK_U4, BLOCK_V4, THREADS};

@group(0) @binding(0) var<storage, read> u: array<vec4f>;
@group(0) @binding(1) var<storage, read> v: array<vec4f>;
@if(tied) @group(0) @binding(2) var<storage, read> de: array<vec4f>;
@group(0) @binding(4) var<storage, read> du: array<vec4f>;
@group(0) @binding(5) var<storage, read> dv: array<vec4f>;

const U_BLOCKS = (U4 + BLOCK_U4 - 1u) / BLOCK_U4;
const V_BLOCKS = (V4 + BLOCK_V4 - 1u) / BLOCK_V4;
const HELD = 4u * BLOCK_U4 * BLOCK_V4;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * THREADS + local;
  if (index >= U_BLOCKS * V_BLOCKS) { return; }
  let m = BLOCK_U4 * (index % U_BLOCKS);
  let n = BLOCK_V4 * (index / U_BLOCKS);
  //! unroll p
  let m$p = min(m + $pu, U4 - 1u);
  //! end
  //! unroll q
  let n$q = min(n + $qu, V4 - 1u);
  //! end
  // Touched once a row, and so in a loop: sixteen copies of the code would take long to compile.
  var held: array<vec4f, HELD>;
  for (var i = 0u; i < HELD; i++) { held[i] = into_at(4u * m + i / BLOCK_V4, n + i % BLOCK_V4); }
  let rows = row_count();
  for (var row = 0u; row < rows; row++) {
    //! unroll q
    //! unroll p
    var xs$p_$q = vec4f(); var ys$p_$q = vec4f(); var zs$p_$q = vec4f(); var ws$p_$q = vec4f();
    //! end
    //! end
    let end = row_start(row + 1u);
    for (var token = row_start(row); token < end; token++) {
      //! unroll p
      let a$p = u[token * U4 + m$p];
      let da$p = du[token * U4 + m$p];
      //! end
      //! unroll q
      let b$q = v[token * V4 + n$q];
      let db$q = dv[token * V4 + n$q];
      //! unroll p
      xs$p_$q += fma(vec4f(da$p.x), b$q, a$p.x * db$q); ys$p_$q += fma(vec4f(da$p.y), b$q, a$p.y * db$q);
      zs$p_$q += fma(vec4f(da$p.z), b$q, a$p.z * db$q); ws$p_$q += fma(vec4f(da$p.w), b$q, a$p.w * db$q);
      //! end
      //! end
      @if(tied) {
        let id = id_of(token);
        if (id >= 4u * m && id < 4u * (m + BLOCK_U4)) {
          //! unroll q
          let e$q = de[token * V4 + n$q];
          //! unroll p
          xs$p_$q += select(vec4f(), e$q, id == 4u * m$p); ys$p_$q += select(vec4f(), e$q, id == 4u * m$p + 1u);
          zs$p_$q += select(vec4f(), e$q, id == 4u * m$p + 2u); ws$p_$q += select(vec4f(), e$q, id == 4u * m$p + 3u);
          //! end
          //! end
        }
      }
    }
    //! unroll q
    //! unroll p
    held[4u * $pu * BLOCK_V4 + $qu] = with_row(held[4u * $pu * BLOCK_V4 + $qu], xs$p_$q);
    held[(4u * $pu + 1u) * BLOCK_V4 + $qu] = with_row(held[(4u * $pu + 1u) * BLOCK_V4 + $qu], ys$p_$q);
    held[(4u * $pu + 2u) * BLOCK_V4 + $qu] = with_row(held[(4u * $pu + 2u) * BLOCK_V4 + $qu], zs$p_$q);
    held[(4u * $pu + 3u) * BLOCK_V4 + $qu] = with_row(held[(4u * $pu + 3u) * BLOCK_V4 + $qu], ws$p_$q);
    //! end
    //! end
  }
  for (var i = 0u; i < HELD; i++) { put_into(4u * m + i / BLOCK_V4, n + i % BLOCK_V4, held[i]); }
}
