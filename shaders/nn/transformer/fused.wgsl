// Whole generations of small decoders in one dispatch: a workgroup a text, one position after the other, prompt and response alike.
//
// Computes  x = embedding; every block x += attention(norm x), x += mlp(norm x), with what sets families apart; logits where they are asked for; a token drawn
// Bindings  0 matrices, 1 vectors (fused_matrix.wgsl); 2 cache (fused_attention.wgsl); 3 texts: TEXT words a slot (src/nn/transformer/fused/texts.ts), then ids
//           [slots][CONTEXT], then -log p [slots][CONTEXT] in f32 (condition scored); 4 sums, 5 rows (fused_capture.wgsl); 6 settings (uniform).
// Workgroup FUSED_THREADS threads, a text.
// Order     bits depend on a text alone, not on its slot, on others, or on how many positions a dispatch takes.
// Loops     settings.positions times what src/nn/transformer/fused/work.ts counts.
// Caller    a workgroup a slot; a text that is done does nothing.
// Twin      src/nn/transformer/host/pass.ts, in f64.

import package::nn::transformer::fused_attention::{attend, keep_keys};
import package::nn::transformer::fused_capture::{capture, captured_position, captured_slot, captured_windows};
import package::nn::transformer::fused_matrix::{Matrix, NO_BIAS, element, vectors};
import package::nn::transformer::fused_norm::normed;
import package::nn::transformer::fused_product::{ACTIVATE, GATE, LOGITS, STORE, multiply};
import package::nn::transformer::fused_state::{meet, set_state, state_at};
import package::nn::transformer::sampling::{Sampling, draw, surprise, token_word};
import constants::{
  FUSED_THREADS, SLOTS, CONTEXT, TEXT, TEXT_WINDOWS, WINDOWS, LAYERS, WIDTH, HEADS, KV_HEADS, HEAD, HIDDEN, VOCABULARY, POSITIONS, EMBEDDING_SCALE, WINDOW,
  STREAM, NORMED, QKV, ATTENDED, ADDED, INNER,
  WIDTH_STEPS, ATTENDED_STEPS, HIDDEN_STEPS, BLOCK_MATRICES, BLOCK_VECTORS,
  EMBEDDING_AT, EMBEDDING_SCALES, POSITIONS_AT, POSITIONS_SCALES, UNEMBEDDING_AT, UNEMBEDDING_SCALES, QKV_AT, O_AT, GATE_AT, UP_AT, DOWN_AT,
  QKV_SCALES, O_SCALES, GATE_SCALES, UP_SCALES, DOWN_SCALES, QKV_BIAS, O_BIAS, UP_BIAS, DOWN_BIAS,
  NORM1, NORM1_BIAS, NORM2, NORM2_BIAS, POST1, POST2, NORM_F, NORM_F_BIAS, STEERING,
  CAPTURED_RESIDUAL, CAPTURED_ATTENTION, CAPTURED_MLP, SCORED
};

struct Settings {
  sampling: Sampling,
  /// A text at most.
  positions: u32,
  end_count: u32,
  unused: vec2u,
  ends: array<vec4u, 4>,
}

@group(0) @binding(3) var<storage, read_write> texts: array<u32>;
@group(0) @binding(6) var<uniform> settings: Settings;

const GOING = 1u;
/// In the place of a captured number.
const NOTHING = 0xffffffffu;
const IDS = SLOTS * TEXT;
const NLL = IDS + SLOTS * CONTEXT;
const KV_WIDTH = KV_HEADS * HEAD;

/// As a text stands: positions computed, ids known, ids at most, of the prompt; seed, strength, whether it goes on.
var<workgroup> text_numbers: vec4u;
var<workgroup> text_words: vec4u;

fn is_end(id: u32) -> bool {
  var found = false;
  for (var at = 0u; at < settings.end_count; at++) { found = found || settings.ends[at / 4u][at % 4u] == id; }
  return found;
}

/// A bit a window that holds the position.
fn windows_at(slot: u32, position: u32) -> u32 {
  var bits = 0u;
  for (var window = 0u; window < WINDOWS; window++) {
    let at = slot * TEXT + TEXT_WINDOWS + 2u * window;
    if (position >= texts[at] && position < texts[at + 1u]) { bits |= 1u << window; }
  }
  return bits;
}

/// Adds what attention or MLP left to the stream; `behind`: the block is at its end, and this is added besides, times the strength.
fn add(local: u32, captured: u32, residual: u32, behind: u32, strength: f32) {
  for (var k = local; k < WIDTH; k += FUSED_THREADS) {
    let value = state_at(ADDED + k);
    var stream = state_at(STREAM + k) + value;
    if (captured != NOTHING) { capture(captured + k, value); }
    @if(steered) { if (strength != 0.0) { stream = fma(strength, vectors[behind + k], stream); } }
    set_state(STREAM + k, stream);
    if (residual != NOTHING) { capture(residual + k, stream); }
  }
  meet();
}

/// One position through all blocks; the stream is left.
fn forward(local: u32, slot: u32, position: u32, id: u32, strength: f32) {
  let embedding = Matrix(EMBEDDING_AT, WIDTH_STEPS, VOCABULARY, EMBEDDING_SCALES, NO_BIAS);
  let learned = Matrix(POSITIONS_AT, WIDTH_STEPS, POSITIONS, POSITIONS_SCALES, NO_BIAS);
  for (var k = local; k < WIDTH; k += FUSED_THREADS) {
    var value = element(embedding, id, k) * EMBEDDING_SCALE;
    @if(!rotary) { value += element(learned, position, k); }
    set_state(STREAM + k, value);
    @if(capture_residual) { capture(CAPTURED_RESIDUAL + k, value); }
  }
  meet();
  for (var layer = 0u; layer < LAYERS; layer++) {
    let m = layer * BLOCK_MATRICES;
    let v = layer * BLOCK_VECTORS;
    normed(local, STREAM, NORMED, NORM1 + v, NORM1_BIAS + v);
    @if(qkv_bias) let qkv_bias = QKV_BIAS + v;
    @if(!qkv_bias) let qkv_bias = NO_BIAS;
    multiply(local, Matrix(QKV_AT + m, WIDTH_STEPS, HEADS * HEAD + 2u * KV_WIDTH, QKV_SCALES + v, qkv_bias), NORMED, QKV, STORE);
    meet();
    keep_keys(local, slot, layer, position);
    var first = 0u;
    @if(window_all) { first = select(0u, position + 1u - WINDOW, position + 1u > WINDOW); }
    @if(window_even) { first = select(0u, position + 1u - WINDOW, position + 1u > WINDOW && layer % 2u == 0u); }
    attend(local, slot, layer, position, first);
    @if(all_biases) let o_bias = O_BIAS + v;
    @if(!all_biases) let o_bias = NO_BIAS;
    multiply(local, Matrix(O_AT + m, ATTENDED_STEPS, WIDTH, O_SCALES + v, o_bias), ATTENDED, ADDED, STORE);
    meet();
    @if(post_norm) { normed(local, ADDED, ADDED, POST1 + v, POST1 + v); }
    @if(capture_attention) let attention = CAPTURED_ATTENTION + layer * WIDTH;
    @if(!capture_attention) let attention = NOTHING;
    add(local, attention, NOTHING, 0u, 0.0);
    normed(local, STREAM, NORMED, NORM2 + v, NORM2_BIAS + v);
    @if(all_biases) let up_bias = UP_BIAS + v;
    @if(!all_biases) let up_bias = NO_BIAS;
    @if(gated) { multiply(local, Matrix(GATE_AT + m, WIDTH_STEPS, HIDDEN, GATE_SCALES + v, NO_BIAS), NORMED, INNER, ACTIVATE); }
    @if(gated) { multiply(local, Matrix(UP_AT + m, WIDTH_STEPS, HIDDEN, UP_SCALES + v, up_bias), NORMED, INNER, GATE); }
    @if(!gated) { multiply(local, Matrix(UP_AT + m, WIDTH_STEPS, HIDDEN, UP_SCALES + v, up_bias), NORMED, INNER, ACTIVATE); }
    meet();
    @if(all_biases) let down_bias = DOWN_BIAS + v;
    @if(!all_biases) let down_bias = NO_BIAS;
    multiply(local, Matrix(DOWN_AT + m, HIDDEN_STEPS, WIDTH, DOWN_SCALES + v, down_bias), INNER, ADDED, STORE);
    meet();
    @if(post_norm) { normed(local, ADDED, ADDED, POST2 + v, POST2 + v); }
    @if(capture_mlp) let mlp = CAPTURED_MLP + layer * WIDTH;
    @if(!capture_mlp) let mlp = NOTHING;
    @if(capture_residual) let residual = CAPTURED_RESIDUAL + (layer + 1u) * WIDTH;
    @if(!capture_residual) let residual = NOTHING;
    add(local, mlp, residual, STEERING + layer * WIDTH, strength);
  }
}

@compute @workgroup_size(FUSED_THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let slot = group.x;
  let at = slot * TEXT;
  if (local == 0u) {
    text_numbers = vec4u(texts[at], texts[at + 1u], texts[at + 2u], texts[at + 3u]);
    text_words = vec4u(texts[at + 4u], texts[at + 5u], texts[at + 6u], texts[at + 7u]);
  }
  let numbers = workgroupUniformLoad(&text_numbers);
  let words = workgroupUniformLoad(&text_words);
  let strength = bitcast<f32>(words.z);
  var position = numbers.x;
  var length = numbers.y;
  var going = words.w == GOING;
  if (!going) { return; }
  var id = texts[IDS + slot * CONTEXT + position];
  captured_slot = slot;
  for (var taken = 0u; taken < settings.positions && going; taken++) {
    captured_position = position;
    captured_windows = windows_at(slot, position);
    @if(steered_response) let steering = select(0.0, strength, position >= numbers.w);
    @if(!steered_response) let steering = strength;
    forward(local, slot, position, id, steering);
    let given = position + 1u < length;
    let drawing = !given && length < numbers.z;
    let next = IDS + slot * CONTEXT + position + 1u;
    if (given) { id = texts[next]; }
    if (drawing || (SCORED == 1u && given)) {
      normed(local, STREAM, NORMED, NORM_F, NORM_F_BIAS);
      multiply(local, Matrix(UNEMBEDDING_AT, WIDTH_STEPS, VOCABULARY, UNEMBEDDING_SCALES, NO_BIAS), NORMED, 0u, LOGITS);
      meet();
      if (drawing) {
        let drawn = draw(local, settings.sampling, token_word(words.xy, position + 1u));
        id = drawn;
        going = !is_end(drawn);
        if (going) {
          length++;
          if (local == 0u) { texts[next] = drawn; }
        }
      }
      if (SCORED == 1u && going) {
        let nll = surprise(local, id);
        @if(scored) { if (local == 0u) { texts[next + NLL - IDS] = bitcast<u32>(nll); } }
      }
      meet();
    }
    position++;
    going = going && position < length;
  }
  if (local == 0u) {
    texts[at] = position;
    texts[at + 1u] = length;
    texts[at + 7u] = select(0u, GOING, going);
  }
}
