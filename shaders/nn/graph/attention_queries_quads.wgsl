// What attention adds to the adjoint of its queries, and the adjoint of its scores, four lanes together: attention_queries.wgsl where subgroups are four lanes.
//
// Computes  as attention_queries.wgsl, everything at multiples of 4. Each lane loads a quarter of the keys and values and swaps them with the others.
// Bindings  those of attention_queries.wgsl.
// Workgroup one subgroup of four lanes: 4 QUERIES queries of one head of one row.
// Thread    QUERIES queries (unrolled i) four apart; heads in fours (unrolled h).
// Order     over the keys by fours; of four (0 + 1) + (2 + 3), in whatever order a lane has them: equal bits.
// Caller    a workgroup each of rows HEADS ceil(longest / (4 QUERIES)), counted row by row; attention.wgsl has run.
// Twin      attentionBackward of src/nn/graph/twin.

import package::nn::graph::batch::{longest, pattern_place, row_count, row_start};
import package::nn::graph::quads::turned;
import package::nn::graph::sink::put;
import constants::{HEADS, KV_HEADS, HEAD, SCALE, Q_STRIDE, Q_FROM, K_STRIDE, K_FROM, V_STRIDE, V_FROM, O_STRIDE, QUERIES, THREADS};

@group(0) @binding(0) var<storage, read> k: array<vec4f>;
@group(0) @binding(1) var<storage, read> v: array<vec4f>;
@group(0) @binding(2) var<storage, read> o: array<vec4f>;
@group(0) @binding(3) var<storage, read> doutput: array<vec4f>;
@group(0) @binding(4) var<storage, read> pattern: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> scores: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let index = group.y * groups.x + group.x;
  let odd = (lane & 1u) == 1u;
  let upper = (lane & 2u) == 2u;
  let blocks = (longest() + 4u * QUERIES - 1u) / (4u * QUERIES);
  let row = index / (blocks * HEADS);
  if (row >= row_count()) { return; }
  let head = index / blocks % HEADS;
  let first = index % blocks * 4u * QUERIES;
  let begin = row_start(row);
  let count = row_start(row + 1u) - begin;
  if (first >= count) { return; }
  let own = head * KV_HEADS / HEADS * HEAD;
  let end = min(first + 4u * QUERIES, count);
  //! unroll i
  let query$i = min(first + lane + 4u * $iu, count - 1u);
  let there$i = first + lane + 4u * $iu < count;
  let place$i = pattern_place(row, HEADS, head, query$i);
  let from$i = ((begin + query$i) * O_STRIDE + head * HEAD) / 4u;
  var along$i = 0.0;
  //! unroll h
  let e$i_$h = doutput[from$i + $hu];
  along$i += dot(e$i_$h, o[from$i + $hu]);
  var g$i_$h = vec4f();
  //! end
  //! end
  for (var j = 0u; j < end; j += 4u) {
    let key = begin + min(j + lane, count - 1u);
    let at = (key * V_STRIDE + V_FROM + own) / 4u;
    let from_ = (key * K_STRIDE + K_FROM + own) / 4u;
    //! unroll i
    var w$i = vec4f();
    //! end
    //! unroll h
    let va$h = v[at + $hu];
    let vb$h = quadSwapX(va$h);
    let vc$h = quadSwapY(va$h);
    let vd$h = quadSwapDiagonal(va$h);
    //! unroll i
    w$i += vec4f(dot(e$i_$h, va$h), dot(e$i_$h, vb$h), dot(e$i_$h, vc$h), dot(e$i_$h, vd$h));
    //! end
    //! end
    //! unroll i
    // Beyond the four that hold the query's own key nothing is written.
    let seen$i = vec4u(j, j + 1u, j + 2u, j + 3u) <= vec4u(query$i);
    let ds$i = select(vec4f(), pattern[place$i + j / 4u] * (turned(w$i, odd, upper) - along$i), seen$i);
    if (there$i) { scores[place$i + j / 4u] = ds$i; }
    let p$i = turned(ds$i, odd, upper);
    //! end
    //! unroll h
    let ka$h = k[from_ + $hu];
    let kb$h = quadSwapX(ka$h);
    let kc$h = quadSwapY(ka$h);
    let kd$h = quadSwapDiagonal(ka$h);
    //! unroll i
    g$i_$h += (p$i.x * ka$h + p$i.y * kb$h) + (p$i.z * kc$h + p$i.w * kd$h);
    //! end
    //! end
  }
  //! unroll i
  if (there$i) {
    //! unroll h
    put(((begin + query$i) * Q_STRIDE + Q_FROM + head * HEAD) / 4u + $hu, SCALE * g$i_$h);
    //! end
  }
  //! end
}
