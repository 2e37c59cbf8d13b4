// What attention adds to the adjoints of its keys and values.
//
// Computes  k'_j = SCALE sum over i >= j of s'_ij q_i, v'_j = sum over i >= j of a_ij o'_i, over all query heads that read the key's.
// Bindings  0 q: a value of Q_STRIDE numbers a position, heads from number Q_FROM on; 1 o' [tokens][O_STRIDE]; 4 a, 5 s' (pattern_place of batch.wgsl); 7 batch; 8 k',
//           6 v' (joint: in 8, too), heads from number K_FROM, V_FROM on; conditions accumulate, accumulate_v: on top of what is there. Condition fours:
//           everything begins at multiples of 4, and so does every head.
// Thread    KEYS keys (1, 2 or 4; unrolled i) of one head of one row; heads in fours (unrolled h).
// Order     over the heads, of each over the queries, from the first to the last.
// Caller    one thread each of rows KV_HEADS ceil(longest / KEYS), workgroups counted row by row; attention_queries.wgsl has run.
// Twin      attentionBackward of src/nn/graph/twin.

import package::nn::graph::batch::{longest, pattern_place, row_count, row_start};
import constants::{HEADS, KV_HEADS, HEAD, SCALE, Q_STRIDE, Q_FROM, K_STRIDE, K_FROM, V_STRIDE, V_FROM, O_STRIDE, KEYS, THREADS};

@if(fours) @group(0) @binding(0) var<storage, read> q: array<vec4f>;
@if(!fours) @group(0) @binding(0) var<storage, read> q: array<f32>;
@if(fours) fn q_at(at: u32, h: u32) -> vec4f { return q[at / 4u + h]; }
@if(!fours) fn q_at(at: u32, h: u32) -> vec4f {
  let last = HEAD - 1u;
  let c = 4u * h + vec4u(0u, 1u, 2u, 3u);
  let four = vec4f(q[at + c.x], q[at + min(c.y, last)], q[at + min(c.z, last)], q[at + min(c.w, last)]);
  return select(vec4f(), four, c <= vec4u(last));
}
@if(fours) @group(0) @binding(1) var<storage, read> doutput: array<vec4f>;
@if(!fours) @group(0) @binding(1) var<storage, read> doutput: array<f32>;
@if(fours) fn doutput_at(at: u32, h: u32) -> vec4f { return doutput[at / 4u + h]; }
@if(!fours) fn doutput_at(at: u32, h: u32) -> vec4f {
  let last = HEAD - 1u;
  let c = 4u * h + vec4u(0u, 1u, 2u, 3u);
  let four = vec4f(doutput[at + c.x], doutput[at + min(c.y, last)], doutput[at + min(c.z, last)], doutput[at + min(c.w, last)]);
  return select(vec4f(), four, c <= vec4u(last));
}
@group(0) @binding(4) var<storage, read> pattern: array<f32>;
@group(0) @binding(5) var<storage, read> scores: array<f32>;
@if(fours) @group(0) @binding(8) var<storage, read_write> dk: array<vec4f>;
@if(!fours) @group(0) @binding(8) var<storage, read_write> dk: array<f32>;
@if(fours && !joint) @group(0) @binding(6) var<storage, read_write> dv: array<vec4f>;
@if(!fours && !joint) @group(0) @binding(6) var<storage, read_write> dv: array<f32>;

fn put_key(at: u32, h: u32, value: vec4f) {
  @if(fours && accumulate) { dk[at / 4u + h] += value; }
  @if(fours && !accumulate) { dk[at / 4u + h] = value; }
  @if(!fours) {
    for (var c = 0u; c < min(4u, HEAD - 4u * h); c++) {
      @if(accumulate) { dk[at + 4u * h + c] += value[c]; }
      @if(!accumulate) { dk[at + 4u * h + c] = value[c]; }
    }
  }
}

@if(joint) fn put_value(at: u32, h: u32, value: vec4f) { put_key(at, h, value); }
@if(!joint) fn put_value(at: u32, h: u32, value: vec4f) {
  @if(fours && accumulate_v) { dv[at / 4u + h] += value; }
  @if(fours && !accumulate_v) { dv[at / 4u + h] = value; }
  @if(!fours) {
    for (var c = 0u; c < min(4u, HEAD - 4u * h); c++) {
      @if(accumulate_v) { dv[at + 4u * h + c] += value[c]; }
      @if(!accumulate_v) { dv[at + 4u * h + c] = value[c]; }
    }
  }
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * THREADS + local;
  let blocks = (longest() + KEYS - 1u) / KEYS;
  let row = index / (blocks * KV_HEADS);
  if (row >= row_count()) { return; }
  let own = index / blocks % KV_HEADS;
  let first = index % blocks * KEYS;
  let begin = row_start(row);
  let count = row_start(row + 1u) - begin;
  if (first >= count) { return; }
  //! unroll i
  //! unroll h
  var dk$i_$h = vec4f();
  var dv$i_$h = vec4f();
  //! end
  //! end
  for (var head = own * (HEADS / KV_HEADS); head < (own + 1u) * (HEADS / KV_HEADS); head++) {
    for (var query = first; query < count; query++) {
      // Keys behind the query, in the same four, have zeros.
      let place = 4u * pattern_place(row, HEADS, head, query) + first;
      let from_ = (begin + query) * Q_STRIDE + Q_FROM + head * HEAD;
      let at = (begin + query) * O_STRIDE + head * HEAD;
      //! unroll i
      let a$i = pattern[place + $iu];
      let s$i = scores[place + $iu];
      //! end
      //! unroll h
      let q$h = q_at(from_, $hu);
      let e$h = doutput_at(at, $hu);
      //! unroll i
      dk$i_$h += s$i * q$h;
      dv$i_$h += a$i * e$h;
      //! end
      //! end
    }
  }
  //! unroll i
  if (first + $iu < count) {
    //! unroll h
    put_key((begin + first + $iu) * K_STRIDE + K_FROM + own * HEAD, $hu, SCALE * dk$i_$h);
    put_value((begin + first + $iu) * V_STRIDE + V_FROM + own * HEAD, $hu, dv$i_$h);
    //! end
  }
  //! end
}
