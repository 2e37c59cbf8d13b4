// What attention adds to the adjoint of its queries, and the adjoint of its scores.
//
// Computes  s'_ij = a_ij (o'_i v_j - o'_i o_i), q'_i = SCALE sum over j of s'_ij k_j.
// Bindings  0 k, 1 v: values of K_STRIDE … numbers a position, heads from number K_FROM … on; 2 o, 3 o' [tokens][O_STRIDE]; 4 a, 5 s' (pattern_place of batch.wgsl);
//           7 batch; 8 q', heads from number Q_FROM on (sink.wgsl, sink_numbers.wgsl). Condition fours: everything begins at multiples of 4, and so does every head.
// Thread    QUERIES queries (unrolled i) of one head of one row; heads in fours (unrolled h).
// Order     over the keys from the first to the last, by fours.
// Caller    one thread each of rows HEADS ceil(longest / QUERIES), workgroups counted row by row; attention.wgsl has run.
// Twin      attentionBackward of src/nn/graph/twin.

import package::nn::graph::batch::{longest, pattern_place, row_count, row_start};
@if(fours) import package::nn::graph::sink::put;
@if(!fours) import package::nn::graph::sink_numbers::put_number;
import constants::{HEADS, KV_HEADS, HEAD, SCALE, Q_STRIDE, Q_FROM, K_STRIDE, K_FROM, V_STRIDE, V_FROM, O_STRIDE, QUERIES, THREADS};

@if(fours) @group(0) @binding(0) var<storage, read> k: array<vec4f>;
@if(!fours) @group(0) @binding(0) var<storage, read> k: array<f32>;
@if(fours) fn k_at(at: u32, h: u32) -> vec4f { return k[at / 4u + h]; }
@if(!fours) fn k_at(at: u32, h: u32) -> vec4f {
  let last = HEAD - 1u;
  let c = 4u * h + vec4u(0u, 1u, 2u, 3u);
  let four = vec4f(k[at + c.x], k[at + min(c.y, last)], k[at + min(c.z, last)], k[at + min(c.w, last)]);
  return select(vec4f(), four, c <= vec4u(last));
}
@if(fours) @group(0) @binding(1) var<storage, read> v: array<vec4f>;
@if(!fours) @group(0) @binding(1) var<storage, read> v: array<f32>;
@if(fours) fn v_at(at: u32, h: u32) -> vec4f { return v[at / 4u + h]; }
@if(!fours) fn v_at(at: u32, h: u32) -> vec4f {
  let last = HEAD - 1u;
  let c = 4u * h + vec4u(0u, 1u, 2u, 3u);
  let four = vec4f(v[at + c.x], v[at + min(c.y, last)], v[at + min(c.z, last)], v[at + min(c.w, last)]);
  return select(vec4f(), four, c <= vec4u(last));
}
@if(fours) @group(0) @binding(2) var<storage, read> o: array<vec4f>;
@if(!fours) @group(0) @binding(2) var<storage, read> o: array<f32>;
@if(fours) fn o_at(at: u32, h: u32) -> vec4f { return o[at / 4u + h]; }
@if(!fours) fn o_at(at: u32, h: u32) -> vec4f {
  let last = HEAD - 1u;
  let c = 4u * h + vec4u(0u, 1u, 2u, 3u);
  let four = vec4f(o[at + c.x], o[at + min(c.y, last)], o[at + min(c.z, last)], o[at + min(c.w, last)]);
  return select(vec4f(), four, c <= vec4u(last));
}
@if(fours) @group(0) @binding(3) var<storage, read> doutput: array<vec4f>;
@if(!fours) @group(0) @binding(3) var<storage, read> doutput: array<f32>;
@if(fours) fn doutput_at(at: u32, h: u32) -> vec4f { return doutput[at / 4u + h]; }
@if(!fours) fn doutput_at(at: u32, h: u32) -> vec4f {
  let last = HEAD - 1u;
  let c = 4u * h + vec4u(0u, 1u, 2u, 3u);
  let four = vec4f(doutput[at + c.x], doutput[at + min(c.y, last)], doutput[at + min(c.z, last)], doutput[at + min(c.w, last)]);
  return select(vec4f(), four, c <= vec4u(last));
}
@group(0) @binding(4) var<storage, read> pattern: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> scores: array<vec4f>;

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
  let from$i = (begin + query$i) * O_STRIDE + head * HEAD;
  var along$i = 0.0;
  //! unroll h
  let e$i_$h = doutput_at(from$i, $hu);
  along$i += dot(e$i_$h, o_at(from$i, $hu));
  var g$i_$h = vec4f();
  //! end
  //! end
  for (var j = 0u; j < end; j += 4u) {
    let four = begin + min(vec4u(j, j + 1u, j + 2u, j + 3u), vec4u(count - 1u));
    let at = four * V_STRIDE + V_FROM + own;
    let from_ = four * K_STRIDE + K_FROM + own;
    //! unroll i
    var w$i = vec4f();
    //! end
    //! unroll h
    let va$h = v_at(at.x, $hu); let vb$h = v_at(at.y, $hu); let vc$h = v_at(at.z, $hu); let vd$h = v_at(at.w, $hu);
    //! unroll i
    w$i += vec4f(dot(e$i_$h, va$h), dot(e$i_$h, vb$h), dot(e$i_$h, vc$h), dot(e$i_$h, vd$h));
    //! end
    //! end
    //! unroll i
    // Beyond the four that hold the query's own key nothing is written.
    let seen$i = vec4u(j, j + 1u, j + 2u, j + 3u) <= vec4u(query$i);
    let ds$i = select(vec4f(), pattern[place$i + j / 4u] * (w$i - along$i), seen$i);
    if (first + $iu < count) { scores[place$i + j / 4u] = ds$i; }
    //! end
    //! unroll h
    let ka$h = k_at(from_.x, $hu); let kb$h = k_at(from_.y, $hu); let kc$h = k_at(from_.z, $hu); let kd$h = k_at(from_.w, $hu);
    //! unroll i
    g$i_$h += (ds$i.x * ka$h + ds$i.y * kb$h) + (ds$i.z * kc$h + ds$i.w * kd$h);
    //! end
    //! end
  }
  //! unroll i
  if (first + $iu < count) {
    let to$i = (begin + query$i) * Q_STRIDE + Q_FROM + head * HEAD;
    //! unroll h
    let value$i_$h = SCALE * g$i_$h;
    @if(fours) { put(to$i / 4u + $hu, value$i_$h); }
    @if(!fours) {
      for (var c = 0u; c < min(4u, HEAD - 4u * $hu); c++) { put_number(to$i + 4u * $hu + c, value$i_$h[c]); }
    }
    //! end
  }
  //! end
}
