// Causal attention that keeps its probabilities.
//
// Computes  a_ij = exp(s_ij - m_i) / sum over j of exp(s_ij - m_i), s_ij = SCALE q_i k_j, j <= i; o_i = sum over j of a_ij v_j. Query head h reads keys and values of
//           head h KV_HEADS / HEADS.
// Bindings  0 q, 1 k, 2 v: values of Q_STRIDE … numbers a position, heads from number Q_FROM … on; 4 a (pattern_place of batch.wgsl); 7 batch; 8 o [tokens]
//           [O_STRIDE]. Condition fours: everything begins at multiples of 4, and so does every head.
// Thread    QUERIES queries (unrolled i) of one head of one row; heads in fours (unrolled h).
// Order     over the keys from the first to the last, by fours: bits hang on nothing else.
// Caller    one thread each of rows HEADS ceil(longest / QUERIES), workgroups counted row by row.
// Twin      attention of src/nn/graph/twin.

import package::nn::graph::batch::{keys4, longest, pattern_place, row_count, row_start};
import constants::{HEADS, KV_HEADS, HEAD, SCALE, Q_STRIDE, Q_FROM, K_STRIDE, K_FROM, V_STRIDE, V_FROM, O_STRIDE, QUERIES, THREADS};

@if(fours) @group(0) @binding(0) var<storage, read> q: array<vec4f>;
@if(!fours) @group(0) @binding(0) var<storage, read> q: array<f32>;
@if(fours) fn q_at(at: u32, h: u32) -> vec4f { return q[at / 4u + h]; }
@if(!fours) fn q_at(at: u32, h: u32) -> vec4f {
  let last = HEAD - 1u;
  let c = 4u * h + vec4u(0u, 1u, 2u, 3u);
  let four = vec4f(q[at + c.x], q[at + min(c.y, last)], q[at + min(c.z, last)], q[at + min(c.w, last)]);
  return select(vec4f(), four, c <= vec4u(last));
}
@if(fours) @group(0) @binding(1) var<storage, read> k: array<vec4f>;
@if(!fours) @group(0) @binding(1) var<storage, read> k: array<f32>;
@if(fours) fn k_at(at: u32, h: u32) -> vec4f { return k[at / 4u + h]; }
@if(!fours) fn k_at(at: u32, h: u32) -> vec4f {
  let last = HEAD - 1u;
  let c = 4u * h + vec4u(0u, 1u, 2u, 3u);
  let four = vec4f(k[at + c.x], k[at + min(c.y, last)], k[at + min(c.z, last)], k[at + min(c.w, last)]);
  return select(vec4f(), four, c <= vec4u(last));
}
@if(fours) @group(0) @binding(2) var<storage, read> v: array<vec4f>;
@if(!fours) @group(0) @binding(2) var<storage, read> v: array<f32>;
@if(fours) fn v_at(at: u32, h: u32) -> vec4f { return v[at / 4u + h]; }
@if(!fours) fn v_at(at: u32, h: u32) -> vec4f {
  let last = HEAD - 1u;
  let c = 4u * h + vec4u(0u, 1u, 2u, 3u);
  let four = vec4f(v[at + c.x], v[at + min(c.y, last)], v[at + min(c.z, last)], v[at + min(c.w, last)]);
  return select(vec4f(), four, c <= vec4u(last));
}
@group(0) @binding(4) var<storage, read_write> pattern: array<vec4f>;
@if(fours) @group(0) @binding(8) var<storage, read_write> output: array<vec4f>;
@if(!fours) @group(0) @binding(8) var<storage, read_write> output: array<f32>;

const LEAST = -3.0e38;

fn added(four: vec4f) -> f32 { return (four.x + four.y) + (four.z + four.w); }
fn largest(four: vec4f) -> f32 { return max(max(four.x, four.y), max(four.z, four.w)); }

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * THREADS + local;
  let blocks = (longest() + QUERIES - 1u) / QUERIES;
  let row = index / (blocks * HEADS);
  if (row >= row_count()) { return; }
  let head = index / blocks % HEADS;
  let first = index % blocks * QUERIES;
  let begin = row_start(row);
  let count = row_start(row + 1u) - begin;
  if (first >= count) { return; }
  let own = head * KV_HEADS / HEADS * HEAD;
  let end = min(first + QUERIES, count);
  //! unroll i
  let query$i = min(first + $iu, count - 1u);
  let place$i = pattern_place(row, HEADS, head, query$i);
  let from$i = (begin + query$i) * Q_STRIDE + Q_FROM + head * HEAD;
  var most$i = LEAST;
  var sum$i = 0.0;
  //! unroll h
  let q$i_$h = SCALE * q_at(from$i, $hu);
  var o$i_$h = vec4f();
  //! end
  //! end
  for (var j = 0u; j < end; j += 4u) {
    let four = begin + min(vec4u(j, j + 1u, j + 2u, j + 3u), vec4u(count - 1u));
    let at = four * K_STRIDE + K_FROM + own;
    //! unroll i
    var s$i = vec4f();
    //! end
    //! unroll h
    let ka$h = k_at(at.x, $hu); let kb$h = k_at(at.y, $hu); let kc$h = k_at(at.z, $hu); let kd$h = k_at(at.w, $hu);
    //! unroll i
    s$i += vec4f(dot(q$i_$h, ka$h), dot(q$i_$h, kb$h), dot(q$i_$h, kc$h), dot(q$i_$h, kd$h));
    //! end
    //! end
    //! unroll i
    let t$i = select(vec4f(LEAST), s$i, vec4u(j, j + 1u, j + 2u, j + 3u) <= vec4u(query$i));
    most$i = max(most$i, largest(t$i));
    if (first + $iu < count) { pattern[place$i + j / 4u] = t$i; }
    //! end
  }
  for (var j = 0u; j < end; j += 4u) {
    let four = begin + min(vec4u(j, j + 1u, j + 2u, j + 3u), vec4u(count - 1u));
    let at = four * V_STRIDE + V_FROM + own;
    //! unroll i
    let e$i = select(vec4f(), exp(pattern[place$i + j / 4u] - most$i), vec4u(j, j + 1u, j + 2u, j + 3u) <= vec4u(query$i));
    sum$i += added(e$i);
    if (first + $iu < count) { pattern[place$i + j / 4u] = e$i; }
    //! end
    //! unroll h
    let va$h = v_at(at.x, $hu); let vb$h = v_at(at.y, $hu); let vc$h = v_at(at.z, $hu); let vd$h = v_at(at.w, $hu);
    //! unroll i
    o$i_$h += (e$i.x * va$h + e$i.y * vb$h) + (e$i.z * vc$h + e$i.w * vd$h);
    //! end
    //! end
  }
  //! unroll i
  if (first + $iu < count) {
    let share$i = 1.0 / sum$i;
    for (var j = 0u; j < end; j += 4u) { pattern[place$i + j / 4u] *= share$i; }
    let to$i = (begin + query$i) * O_STRIDE + head * HEAD;
    //! unroll h
    let value$i_$h = o$i_$h * share$i;
    @if(fours) { output[to$i / 4u + $hu] = value$i_$h; }
    @if(!fours) {
      for (var c = 0u; c < min(4u, HEAD - 4u * $hu); c++) { output[to$i + 4u * $hu + c] = value$i_$h[c]; }
    }
    //! end
  }
  //! end
}
