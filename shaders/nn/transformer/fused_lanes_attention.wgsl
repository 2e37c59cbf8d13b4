// Attention of one position of a text that is the thread's own to those before it, by the keys and values that are kept.
//
// Computes  q and k turned by their position; o_h = sum over j of p_j v_j, p = softmax of scale q_h k_j, capped, j in the window; online, four keys at a time
// Bindings  2 cache [slots][layers] of k and v [CONTEXT][KV_HEADS][HEAD4] of four numbers; vectors of fused_lanes_matrix.wgsl, which hold cosines and sines
//           [CONTEXT][HEAD / 2] pairs from TURNS on (condition rotary).
// Thread    each call stands alone. Unrolls h HEAD4 times and k four times; heads are filled up with zeros to fours.
// Order     over the keys by fours from the text's position 0, each four as (0 + 1) + (2 + 3).
// Caller    fused_lanes.wgsl.
// Twin      src/nn/transformer/host/pass.ts, in f64.

import package::nn::transformer::fused_capture::capture;
import package::nn::transformer::fused_lanes_matrix::vectors;
import package::nn::transformer::fused_lanes_norm::added;
import package::nn::transformer::fused_lanes_product::capped4;
import package::nn::transformer::fused_lanes_state::{number_at, scratch, set_number};
import constants::{
  CONTEXT, HEADS, KV_HEADS, HEAD, HEAD4, SCALE, SCORE_CAP, TURNS, LAYERS, STATE4, QKV, ATTENDED, CAPTURED_K, CAPTURED_V
};

@group(0) @binding(2) var<storage, read_write> cache: array<vec4f>;

const HALF = HEAD / 2u;
const KV4 = KV_HEADS * HEAD4;
const LEAST = -1.0e30;

/// Turns q and k, and keeps k and v.
fn keep_keys(slot: u32, layer: u32, position: u32) {
  @if(capture_k || capture_v) {
    for (var number = 0u; number < KV_HEADS * HEAD; number++) {
      let at = number / HEAD * 4u * HEAD4 + number % HEAD;
      @if(capture_k) { capture(CAPTURED_K + layer * KV_HEADS * HEAD + number, number_at(slot, QKV, HEADS * 4u * HEAD4 + at)); }
      @if(capture_v) { capture(CAPTURED_V + layer * KV_HEADS * HEAD + number, number_at(slot, QKV, (HEADS + KV_HEADS) * 4u * HEAD4 + at)); }
    }
  }
  @if(rotary) {
    for (var pair = 0u; pair < (HEADS + KV_HEADS) * HALF; pair++) {
      let c = pair % HALF;
      let at = pair / HALF * 4u * HEAD4 + c;
      let low = number_at(slot, QKV, at);
      let high = number_at(slot, QKV, at + HALF);
      let turn = TURNS + (position * HALF + c) / 2u;
      let four = vectors[turn];
      let turned = select(four.xy, four.zw, (position * HALF + c) % 2u == 1u);
      set_number(slot, QKV, at, low * turned.x - high * turned.y);
      set_number(slot, QKV, at + HALF, high * turned.x + low * turned.y);
    }
  }
  let k_at = ((slot * LAYERS + layer) * 2u * CONTEXT + position) * KV4;
  for (var i = 0u; i < KV4; i++) {
    cache[k_at + i] = scratch[slot * STATE4 + QKV + HEADS * HEAD4 + i];
    cache[k_at + CONTEXT * KV4 + i] = scratch[slot * STATE4 + QKV + HEADS * HEAD4 + KV4 + i];
  }
}

/// `first`: of the keys seen.
fn attend(slot: u32, layer: u32, position: u32, first: u32) {
  let k_base = (slot * LAYERS + layer) * 2u * CONTEXT * KV4;
  for (var head = 0u; head < HEADS; head++) {
    let q_at = slot * STATE4 + QKV + head * HEAD4;
    let k_head = k_base + head * KV_HEADS / HEADS * HEAD4;
    //! unroll h
    let q$h = SCALE * scratch[q_at + $hu];
    var sum$h = vec4f();
    //! end
    var most = LEAST;
    var total = 0.0;
    for (var key = first / 4u * 4u; key <= position; key += 4u) {
      let places = vec4u(key) + vec4u(0u, 1u, 2u, 3u);
      let at = k_head + min(places, vec4u(position)) * KV4;
      //! unroll k
      var s$k = vec4f();
      //! unroll h
      s$k = fma(q$h, cache[at[$k] + $hu], s$k);
      //! end
      //! end
      var scores = vec4f(added(s0), added(s1), added(s2), added(s3));
      @if(score_cap) { scores = capped4(scores, SCORE_CAP); }
      let seen = (places <= vec4u(position)) & (places >= vec4u(first));
      scores = select(vec4f(LEAST), scores, seen);
      let higher = max(most, max(max(scores.x, scores.y), max(scores.z, scores.w)));
      let shrink = exp(max(most - higher, -80.0));
      let p = select(vec4f(), exp(max(scores - higher, vec4f(-80.0))), seen);
      total = total * shrink + added(p);
      most = higher;
      let v_at = at + CONTEXT * KV4;
      //! unroll h
      sum$h = sum$h * shrink + ((p.x * cache[v_at.x + $hu] + p.y * cache[v_at.y + $hu]) + (p.z * cache[v_at.z + $hu] + p.w * cache[v_at.w + $hu]));
      //! end
    }
    //! unroll h
    scratch[slot * STATE4 + ATTENDED + head * HEAD4 + $hu] = sum$h / total;
    //! end
  }
}
