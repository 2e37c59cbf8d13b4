// Sums over keys, or over queries, weighted by a pattern, along a direction.
//
// Computes  y'_i = SCALE sum over j <= i of P'_ij x_j + P_ij x'_j; condition `transposed`: y'_j = SCALE sum over i >= j and over a key head's query heads of
//           P'_ij x_i + P_ij x'_i. Conditions `accumulate`, `based` as in sink.wgsl. Of attention: with P = a the outputs from the values, transposed the values'
//           adjoint from the outputs'; with P the scores' adjoint the queries' from the keys, transposed the keys' from the queries.
// Bindings  1 P, 2 P' patterns (batch.wgsl); 3 x, 4 x' [position][X_STRIDE] from X_FROM on; 7 batch; 8 y' [position][Y_STRIDE] from Y_FROM on, 9 as it.
// Widths    strides, places and HEAD in Lanes (lane.wgsl). HEADS query heads, GROUP of them share a key head; `transposed` writes key heads.
// Thread    BLOCK Lanes (unrolled h) of one head at one position.
// Order     a key head's query heads from the first to the last; within one, positions from the first to the last.
// Caller    positions (HEADS, or HEADS / GROUP) (HEAD / BLOCK) threads, workgroups counted row by row.
// Twin      attentionTangent, attentionBackward of src/nn/graph/twin/attention.ts.

import package::nn::graph::batch::{keys4, pattern_place, position_of, row_of, row_start, token_count};
import package::nn::graph::lane::Lane;
import constants::{HEADS, GROUP, HEAD, BLOCK, X_STRIDE, X_FROM, Y_STRIDE, Y_FROM, SCALE, THREADS};

@group(0) @binding(1) var<storage, read> p: array<f32>;
@group(0) @binding(2) var<storage, read> dp: array<f32>;
@group(0) @binding(3) var<storage, read> x: array<Lane>;
@group(0) @binding(4) var<storage, read> dx: array<Lane>;
@group(0) @binding(8) var<storage, read_write> sink: array<Lane>;
@if(based) @group(0) @binding(9) var<storage, read> sink_base: array<Lane>;

const BLOCKS = HEAD / BLOCK;
@if(transposed) const OUT_HEADS = HEADS / GROUP;
@if(!transposed) const OUT_HEADS = HEADS;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let number = (group.y * groups.x + group.x) * THREADS + local;
  let block = number % BLOCKS * BLOCK;
  let head = number / BLOCKS % OUT_HEADS;
  let token = number / (BLOCKS * OUT_HEADS);
  if (token >= token_count()) { return; }
  let row = row_of(token);
  let i = position_of(token);
  //! unroll h
  var t$h = Lane();
  //! end
  @if(!transposed) {
    let start = 4u * pattern_place(row, HEADS, head, i);
    var at = row_start(row) * X_STRIDE + X_FROM + head / GROUP * HEAD + block;
    for (var j = 0u; j <= i; j++) {
      let weight = p[start + j];
      let dweight = dp[start + j];
      //! unroll h
      let x$h = x[at + $hu];
      t$h += dweight * x$h + weight * dx[at + $hu];
      //! end
      at += X_STRIDE;
    }
  }
  @if(transposed) {
    let end = row_start(row + 1u);
    let step = 4u * keys4();
    for (var query_head = head * GROUP; query_head < (head + 1u) * GROUP; query_head++) {
      var start = 4u * pattern_place(row, HEADS, query_head, i) + i;
      var at = token * X_STRIDE + X_FROM + query_head * HEAD + block;
      for (var query = token; query < end; query++) {
        let weight = p[start];
        let dweight = dp[start];
        //! unroll h
        let x$h = x[at + $hu];
        t$h += dweight * x$h + weight * dx[at + $hu];
        //! end
        start += step;
        at += X_STRIDE;
      }
    }
  }
  let to = token * Y_STRIDE + Y_FROM + head * HEAD + block;
  //! unroll h
  @if(accumulate) { sink[to + $hu] += SCALE * t$h; }
  @if(based) { sink[to + $hu] = sink_base[to + $hu] + SCALE * t$h; }
  @if(!accumulate && !based) { sink[to + $hu] = SCALE * t$h; }
  //! end
}
