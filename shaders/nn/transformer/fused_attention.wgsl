// Attention of one position of a text to those before it, by the keys and values that are kept.
//
// Computes  q and k turned by their position; o_h = sum over j of p_j v_j, p = softmax of scale q_h k_j, capped, j in the window; online over blocks of KEYS
// Bindings  2 cache [slots][layers] of k [KV_HEADS][HEAD][CONTEXT] and v [CONTEXT][KV_HEADS HEAD]; vectors of fused_matrix.wgsl, which hold cosines and sines
//           [CONTEXT][HEAD / 2] pairs from TURNS on (condition rotary).
// Thread    scores: KEY_LANES threads a head, each every KEY_LANES-th key; sums: a number of a head. Unrolls h HEAD times.
// Order     blocks of keys from the text's position 0; within one by lanes for the sum of weights, from the first key to the last for the values.
// Caller    fused.wgsl; a barrier before; what it leaves is seen behind the one at its end.
// Twin      src/nn/transformer/host/pass.ts, in f64.

import package::nn::transformer::fused_capture::capture;
import package::nn::transformer::fused_matrix::vectors;
import package::nn::transformer::fused_product::capped;
import package::nn::transformer::fused_state::{meet, set_state, state_at};
import constants::{
  FUSED_THREADS, CONTEXT, HEADS, KV_HEADS, HEAD, SCALE, SCORE_CAP, KEYS, KEY_LANES, TURNS, LAYERS,
  QKV, SCORES, ATTENDED, MAXIMA, WEIGHTS, RUNNING, CAPTURED_K, CAPTURED_V
};

@group(0) @binding(2) var<storage, read_write> cache: array<f32>;

const HALF = HEAD / 2u;
const KV_WIDTH = KV_HEADS * HEAD;
const LEAST = -1.0e30;

/// Turns q and k, and keeps k and v.
fn keep_keys(local: u32, slot: u32, layer: u32, position: u32) {
  let k_base = (slot * LAYERS + layer) * 2u * CONTEXT * KV_WIDTH;
  let v_base = k_base + CONTEXT * KV_WIDTH + position * KV_WIDTH;
  for (var pair = local; pair < (HEADS + KV_HEADS) * HALF; pair += FUSED_THREADS) {
    let head = pair / HALF;
    let c = pair % HALF;
    let at = QKV + head * HEAD + c;
    var low = state_at(at);
    var high = state_at(at + HALF);
    let number = (head - HEADS) * HEAD + c;
    @if(capture_k) {
      if (head >= HEADS) {
        capture(CAPTURED_K + layer * KV_WIDTH + number, low);
        capture(CAPTURED_K + layer * KV_WIDTH + number + HALF, high);
      }
    }
    @if(rotary) {
      let turn = TURNS + (position * HALF + c) * 2u;
      let cosine = vectors[turn];
      let sine = vectors[turn + 1u];
      let turned = low * cosine - high * sine;
      high = high * cosine + low * sine;
      low = turned;
    }
    if (head < HEADS) {
      set_state(at, low * SCALE);
      set_state(at + HALF, high * SCALE);
    } else {
      cache[k_base + number * CONTEXT + position] = low;
      cache[k_base + (number + HALF) * CONTEXT + position] = high;
    }
  }
  for (var number = local; number < KV_WIDTH; number += FUSED_THREADS) {
    let value = state_at(QKV + (HEADS + KV_HEADS) * HEAD + number);
    @if(capture_v) { capture(CAPTURED_V + layer * KV_WIDTH + number, value); }
    cache[v_base + number] = value;
  }
  storageBarrier();
  meet();
}

/// `first`: of the keys seen.
fn attend(local: u32, slot: u32, layer: u32, position: u32, first: u32) {
  let k_base = (slot * LAYERS + layer) * 2u * CONTEXT * KV_WIDTH;
  let v_base = k_base + CONTEXT * KV_WIDTH;
  let first_block = first / KEYS;
  for (var block = first_block; block * KEYS <= position; block++) {
    let begin = block * KEYS;
    let count = min(KEYS, position + 1u - begin);
    // Most and sum so far lie in turns in one place and the other.
    let before = RUNNING + (block % 2u) * 2u * HEADS;
    let after = RUNNING + ((block + 1u) % 2u) * 2u * HEADS;
    for (var task = local; task < HEADS * KEY_LANES; task += FUSED_THREADS) {
      let head = task / KEY_LANES;
      let k_head = k_base + head * KV_HEADS / HEADS * HEAD * CONTEXT + begin;
      var most = LEAST;
      for (var j = task % KEY_LANES; j < count; j += KEY_LANES) {
        var score = 0.0;
        //! unroll h
        score = fma(state_at(QKV + head * HEAD + $hu), cache[k_head + $hu * CONTEXT + j], score);
        //! end
        @if(score_cap) { score = capped(score, SCORE_CAP); }
        if (begin + j < first) { score = LEAST; }
        set_state(SCORES + head * KEYS + j, score);
        most = max(most, score);
      }
      set_state(MAXIMA + task, most);
    }
    meet();
    for (var task = local; task < HEADS * KEY_LANES; task += FUSED_THREADS) {
      let head = task / KEY_LANES;
      let most = most_of(head, block == first_block, before);
      var sum = 0.0;
      for (var j = task % KEY_LANES; j < count; j += KEY_LANES) {
        let at = SCORES + head * KEYS + j;
        let weight = exp(max(state_at(at) - most, -80.0));
        let seen = select(weight, 0.0, begin + j < first);
        set_state(at, seen);
        sum += seen;
      }
      set_state(WEIGHTS + task, sum);
    }
    meet();
    for (var number = local; number < HEADS * HEAD; number += FUSED_THREADS) {
      let head = number / HEAD;
      let most = most_of(head, block == first_block, before);
      var sum = 0.0;
      var total = 0.0;
      if (block > first_block) {
        let shrink = exp(max(state_at(before + head) - most, -80.0));
        sum = state_at(ATTENDED + number) * shrink;
        total = state_at(before + HEADS + head) * shrink;
      }
      for (var lane = 0u; lane < KEY_LANES; lane++) { total += state_at(WEIGHTS + head * KEY_LANES + lane); }
      let v_head = v_base + begin * KV_WIDTH + head * KV_HEADS / HEADS * HEAD + number % HEAD;
      for (var j = 0u; j < count; j++) { sum = fma(state_at(SCORES + head * KEYS + j), cache[v_head + j * KV_WIDTH], sum); }
      if (begin + KEYS > position) { sum /= total; }
      set_state(ATTENDED + number, sum);
      if (number % HEAD == 0u) {
        set_state(after + head, most);
        set_state(after + HEADS + head, total);
      }
    }
    meet();
  }
}

/// The largest score of a head so far, this block's among them.
fn most_of(head: u32, is_first: bool, before: u32) -> f32 {
  var most = LEAST;
  if (!is_first) { most = state_at(before + head); }
  for (var lane = 0u; lane < KEY_LANES; lane++) { most = max(most, state_at(MAXIMA + head * KEY_LANES + lane)); }
  return most;
}
