// Causal attention that keeps its probabilities, four lanes together: attention.wgsl where subgroups are four lanes (SwiftShader, where a load is dear).
//
// Computes  as attention.wgsl, everything at multiples of 4. Each lane loads a quarter of the keys and values and swaps them with the others.
// Bindings  those of attention.wgsl.
// Workgroup one subgroup of four lanes: 4 QUERIES queries of one head of one row.
// Thread    QUERIES queries (unrolled i) four apart; heads in fours (unrolled h).
// Order     over the keys by fours; of four (0 + 1) + (2 + 3), in whatever order a lane has them: equal bits.
// Caller    a workgroup each of rows HEADS ceil(longest / (4 QUERIES)), counted row by row.
// Twin      attention of src/nn/graph/twin.

import package::nn::graph::batch::{longest, pattern_place, row_count, row_start};
import package::nn::graph::quads::turned;
import constants::{HEADS, KV_HEADS, HEAD, SCALE, Q_STRIDE, Q_FROM, K_STRIDE, K_FROM, V_STRIDE, V_FROM, O_STRIDE, QUERIES, THREADS};

@group(0) @binding(0) var<storage, read> q: array<vec4f>;
@group(0) @binding(1) var<storage, read> k: array<vec4f>;
@group(0) @binding(2) var<storage, read> v: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> pattern: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> output: array<vec4f>;

const LEAST = -3.0e38;

fn added(four: vec4f) -> f32 { return (four.x + four.y) + (four.z + four.w); }
fn largest(four: vec4f) -> f32 { return max(max(four.x, four.y), max(four.z, four.w)); }

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
  let from$i = ((begin + query$i) * Q_STRIDE + Q_FROM + head * HEAD) / 4u;
  var most$i = LEAST;
  var sum$i = 0.0;
  //! unroll h
  let q$i_$h = SCALE * q[from$i + $hu];
  var o$i_$h = vec4f();
  //! end
  //! end
  for (var j = 0u; j < end; j += 4u) {
    let at = ((begin + min(j + lane, count - 1u)) * K_STRIDE + K_FROM + own) / 4u;
    //! unroll i
    var s$i = vec4f();
    //! end
    //! unroll h
    let ka$h = k[at + $hu];
    let kb$h = quadSwapX(ka$h);
    let kc$h = quadSwapY(ka$h);
    let kd$h = quadSwapDiagonal(ka$h);
    //! unroll i
    s$i += vec4f(dot(q$i_$h, ka$h), dot(q$i_$h, kb$h), dot(q$i_$h, kc$h), dot(q$i_$h, kd$h));
    //! end
    //! end
    //! unroll i
    let t$i = select(vec4f(LEAST), turned(s$i, odd, upper), vec4u(j, j + 1u, j + 2u, j + 3u) <= vec4u(query$i));
    most$i = max(most$i, largest(t$i));
    if (there$i) { pattern[place$i + j / 4u] = t$i; }
    //! end
  }
  for (var j = 0u; j < end; j += 4u) {
    let at = ((begin + min(j + lane, count - 1u)) * V_STRIDE + V_FROM + own) / 4u;
    //! unroll i
    let e$i = select(vec4f(), exp(pattern[place$i + j / 4u] - most$i), vec4u(j, j + 1u, j + 2u, j + 3u) <= vec4u(query$i));
    sum$i += added(e$i);
    if (there$i) { pattern[place$i + j / 4u] = e$i; }
    let p$i = turned(e$i, odd, upper);
    //! end
    //! unroll h
    let va$h = v[at + $hu];
    let vb$h = quadSwapX(va$h);
    let vc$h = quadSwapY(va$h);
    let vd$h = quadSwapDiagonal(va$h);
    //! unroll i
    o$i_$h += (p$i.x * va$h + p$i.y * vb$h) + (p$i.z * vc$h + p$i.w * vd$h);
    //! end
    //! end
  }
  //! unroll i
  if (there$i) {
    let share$i = 1.0 / sum$i;
    for (var j = 0u; j < end; j += 4u) { pattern[place$i + j / 4u] *= share$i; }
    //! unroll h
    output[((begin + query$i) * O_STRIDE + head * HEAD) / 4u + $hu] = o$i_$h * share$i;
    //! end
  }
  //! end
}
