// Gradient by a matrix: of every row of the batch the sum over its positions, added row after row.
//
// Computes  G[m][n] + sum over rows of (sum over the row's positions t of u[t][m] v[t][n]), condition square: the squares of these sums. Condition tied: a table of
//           embeddings that the unembedding reads, too: + e[t][n] where m is the id of t. Condition quads: the four lanes of a subgroup have the same rows
//           and columns beside each other; each loads a quarter of u and swaps it with the others.
// Bindings  0 u [tokens][4 U4]; 1 v, 2 e (tied) [tokens][4 V4]; 3 G (into.wgsl); 7 batch.
// Thread    a block of G: rows in fours (unrolled p; four of them in quads) by columns in fours (q).
// Order     over the positions of a row from the first to the last, whatever the block; then e by id and position; over the rows in theirs.
// Caller    one thread a block, workgroups counted row by row.
// Twin      linearWeights of src/nn/graph/twin.

import package::nn::graph::batch::{row_count, row_start, sorted_id, sorted_token};
import package::nn::graph::into::{into_at, put_into, with_row};
import constants::{U4, V4, BLOCK_U4, BLOCK_V4, THREADS};

@group(0) @binding(0) var<storage, read> u: array<vec4f>;
@group(0) @binding(1) var<storage, read> v: array<vec4f>;
@if(tied) @group(0) @binding(2) var<storage, read> e: array<vec4f>;

const U_BLOCKS = (U4 + BLOCK_U4 - 1u) / BLOCK_U4;
const HELD = 4u * BLOCK_U4 * BLOCK_V4;

/// Row of G of the i-th four numbers that a thread holds.
fn row_at(m: u32, i: u32, lane: u32) -> u32 {
  let row = i / BLOCK_V4;
  return 4u * (m + ((row / 4u) ^ lane)) + row % 4u;
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
  @if(quads) @builtin(subgroup_invocation_id) subgroup_lane: u32,
) {
  let index = (group.y * groups.x + group.x) * THREADS + local;
  @if(quads) let lane = subgroup_lane & 3u;
  @if(quads) let block = index / 4u;
  @if(!quads) let block = index;
  @if(!quads) let lane = 0u;
  let m = BLOCK_U4 * (block % U_BLOCKS);
  @if(quads) let n = BLOCK_V4 * (4u * (block / U_BLOCKS) + lane);
  @if(!quads) let n = BLOCK_V4 * (block / U_BLOCKS);
  //! unroll p
  // Rows in the order in which the lane meets them.
  @if(quads) let m$p = m + (lane ^ $pu);
  @if(!quads) let m$p = m + $pu;
  //! end
  //! unroll q
  let n$q = min(n + $qu, V4 - 1u);
  //! end
  // Touched once a row, and so in a loop: sixteen copies of the code would take long to compile.
  var held: array<vec4f, HELD>;
  for (var i = 0u; i < HELD; i++) { held[i] = into_at(row_at(m, i, lane), n + i % BLOCK_V4); }
  let rows = row_count();
  for (var row = 0u; row < rows; row++) {
    //! unroll q
    //! unroll p
    var xs$p_$q = vec4f(); var ys$p_$q = vec4f(); var zs$p_$q = vec4f(); var ws$p_$q = vec4f();
    //! end
    //! end
    let begin = row_start(row);
    let end = row_start(row + 1u);
    for (var token = begin; token < end; token++) {
      @if(quads) let a0 = u[token * U4 + min(m0, U4 - 1u)];
      @if(quads) let a1 = quadSwapX(a0);
      @if(quads) let a2 = quadSwapY(a0);
      @if(quads) let a3 = quadSwapDiagonal(a0);
      //! unroll p
      @if(!quads) let a$p = u[token * U4 + min(m$p, U4 - 1u)];
      //! end
      //! unroll q
      let b$q = v[token * V4 + n$q];
      //! unroll p
      xs$p_$q += a$p.x * b$q; ys$p_$q += a$p.y * b$q; zs$p_$q += a$p.z * b$q; ws$p_$q += a$p.w * b$q;
      //! end
      //! end
    }
    @if(tied) {
      var first = begin;
      var last = end;
      while (first < last) {
        let middle = (first + last) / 2u;
        if (sorted_id(middle) < 4u * m) { first = middle + 1u; } else { last = middle; }
      }
      for (; first < end && sorted_id(first) < 4u * (m + BLOCK_U4); first++) {
        let id = sorted_id(first);
        let from_e = sorted_token(first) * V4;
        //! unroll q
        let e$q = e[from_e + n$q];
        //! unroll p
        xs$p_$q += select(vec4f(), e$q, id == 4u * m$p); ys$p_$q += select(vec4f(), e$q, id == 4u * m$p + 1u);
        zs$p_$q += select(vec4f(), e$q, id == 4u * m$p + 2u); ws$p_$q += select(vec4f(), e$q, id == 4u * m$p + 3u);
        //! end
        //! end
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
  for (var i = 0u; i < HELD; i++) { put_into(row_at(m, i, lane), n + i % BLOCK_V4, held[i]); }
}
