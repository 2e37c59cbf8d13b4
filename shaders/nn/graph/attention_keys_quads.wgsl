// What attention adds to the adjoints of its keys and values, four lanes together: attention_keys.wgsl where subgroups are four lanes.
//
// Computes  as attention_keys.wgsl, everything at multiples of 4. Each lane loads a quarter of the queries and adjoints and swaps them with the others.
// Bindings  those of attention_keys.wgsl.
// Workgroup one subgroup of four lanes: 4 KEYS keys of one head of one row.
// Thread    KEYS keys (unrolled i) four apart; heads in fours (unrolled h).
// Order     over the heads, of each over the queries by fours from the workgroup's first key on; of four (0 + 1) + (2 + 3), in whatever order a lane has them.
// Caller    a workgroup each of rows KV_HEADS ceil(longest / (4 KEYS)), counted row by row; attention_queries.wgsl has run.
// Twin      attentionBackward of src/nn/graph/twin.

import package::nn::graph::batch::{keys4, longest, pattern_place, row_count, row_start};
import package::nn::graph::quads::turned;
import constants::{HEADS, KV_HEADS, HEAD, SCALE, Q_STRIDE, Q_FROM, K_STRIDE, K_FROM, V_STRIDE, V_FROM, O_STRIDE, KEYS, THREADS};

@group(0) @binding(0) var<storage, read> q: array<vec4f>;
@group(0) @binding(1) var<storage, read> doutput: array<vec4f>;
@group(0) @binding(4) var<storage, read> pattern: array<f32>;
@group(0) @binding(5) var<storage, read> scores: array<f32>;
@group(0) @binding(8) var<storage, read_write> dk: array<vec4f>;
@if(!joint) @group(0) @binding(6) var<storage, read_write> dv: array<vec4f>;

fn put_key(at: u32, value: vec4f) {
  @if(accumulate) { dk[at] += value; }
  @if(!accumulate) { dk[at] = value; }
}

@if(joint) fn put_value(at: u32, value: vec4f) { put_key(at, value); }
@if(!joint) fn put_value(at: u32, value: vec4f) {
  @if(accumulate_v) { dv[at] += value; }
  @if(!accumulate_v) { dv[at] = value; }
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let index = group.y * groups.x + group.x;
  let odd = (lane & 1u) == 1u;
  let upper = (lane & 2u) == 2u;
  let blocks = (longest() + 4u * KEYS - 1u) / (4u * KEYS);
  let row = index / (blocks * KV_HEADS);
  if (row >= row_count()) { return; }
  let own = index / blocks % KV_HEADS;
  let first = index % blocks * 4u * KEYS;
  let begin = row_start(row);
  let count = row_start(row + 1u) - begin;
  if (first >= count) { return; }
  let step = 4u * keys4();
  //! unroll i
  let key$i = first + lane + 4u * $iu;
  //! unroll h
  var dk$i_$h = vec4f();
  var dv$i_$h = vec4f();
  //! end
  //! end
  for (var head = own * (HEADS / KV_HEADS); head < (own + 1u) * (HEADS / KV_HEADS); head++) {
    let place = 4u * pattern_place(row, HEADS, head, 0u);
    for (var query = first; query < count; query += 4u) {
      let four = vec4u(query, query + 1u, query + 2u, query + 3u);
      let at = place + min(four, vec4u(count - 1u)) * step;
      //! unroll i
      // A query that does not see the key may have nothing there.
      let seen$i = (four >= vec4u(key$i)) & (four < vec4u(count));
      let a$i = turned(select(vec4f(), vec4f(pattern[at.x + key$i], pattern[at.y + key$i], pattern[at.z + key$i], pattern[at.w + key$i]), seen$i), odd, upper);
      let s$i = turned(select(vec4f(), vec4f(scores[at.x + key$i], scores[at.y + key$i], scores[at.z + key$i], scores[at.w + key$i]), seen$i), odd, upper);
      //! end
      let token = begin + min(query + lane, count - 1u);
      let from_q = (token * Q_STRIDE + Q_FROM + head * HEAD) / 4u;
      let from_o = (token * O_STRIDE + head * HEAD) / 4u;
      //! unroll h
      let qa$h = q[from_q + $hu];
      let qb$h = quadSwapX(qa$h);
      let qc$h = quadSwapY(qa$h);
      let qd$h = quadSwapDiagonal(qa$h);
      let ea$h = doutput[from_o + $hu];
      let eb$h = quadSwapX(ea$h);
      let ec$h = quadSwapY(ea$h);
      let ed$h = quadSwapDiagonal(ea$h);
      //! unroll i
      dk$i_$h += (s$i.x * qa$h + s$i.y * qb$h) + (s$i.z * qc$h + s$i.w * qd$h);
      dv$i_$h += (a$i.x * ea$h + a$i.y * eb$h) + (a$i.z * ec$h + a$i.w * ed$h);
      //! end
      //! end
    }
  }
  //! unroll i
  if (key$i < count) {
    //! unroll h
    put_key(((begin + key$i) * K_STRIDE + K_FROM + own * HEAD) / 4u + $hu, SCALE * dk$i_$h);
    put_value(((begin + key$i) * V_STRIDE + V_FROM + own * HEAD) / 4u + $hu, dv$i_$h);
    //! end
  }
  //! end
}
