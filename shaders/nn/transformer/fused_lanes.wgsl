// Whole generations of small decoders in one dispatch, each thread some texts of its own: for software adapters, where a lane is a thread and loads are dear.
//
// Computes  x = embedding; every block x += attention(norm x), x += mlp(norm x), with what sets families apart; logits where they are asked for; a token drawn
// Bindings  0 matrices, 1 vectors (fused_lanes_matrix.wgsl); 2 cache (fused_lanes_attention.wgsl); 3 texts: TEXT words a slot (src/nn/transformer/fused/texts.ts),
//           then ids [slots][CONTEXT], then -log p [slots][CONTEXT] in f32 (condition scored); 4 sums, 5 rows (fused_capture.wgsl); 6 settings (uniform); 7 scratch.
// Workgroup LANES threads, ROWS texts each, LANES apart; all of them draw a text's token together, one text after the other.
// Order     bits depend on a text alone, not on its slot, on others, or on how many positions a dispatch takes.
// Loops     settings.positions times what src/nn/transformer/fused/work.ts counts.
// Caller    workgroups for all slots; a text that is done stays as it is.
// Twin      src/nn/transformer/host/pass.ts, in f64.

import package::nn::transformer::fused_capture::{capture, captured_position, captured_slot, captured_windows};
import package::nn::transformer::fused_lanes_attention::{attend, keep_keys};
import package::nn::transformer::fused_lanes_matrix::{Matrix, NO_BIAS, element, vectors};
import package::nn::transformer::fused_lanes_norm::normed;
import package::nn::transformer::fused_lanes_product::multiply;
import package::nn::transformer::fused_lanes_stages::{GATE_STAGE, LOGITS_STAGE, O_STAGE, QKV_STAGE, STAGES, product_of};
import package::nn::transformer::fused_lanes_state::{is_going, position_of, scratch, set_number, texts};
import package::nn::transformer::sampling::{Sampling, draw, surprise, token_word};
import package::nn::transformer::sampling_logits::logits_row;
import constants::{
  LANES, ROWS, SLOTS, CONTEXT, TEXT, TEXT_WINDOWS, WINDOWS, LAYERS, WIDTH, WIDTH4, EMBEDDING_SCALE, WINDOW, STATE4, STREAM, NORMED, ADDED,
  VOCABULARY4, POSITIONS4, WIDTH_IN4, BLOCK_VECTORS, EMBEDDING_AT, EMBEDDING_SCALES, POSITIONS_AT, POSITIONS_SCALES, NORM1, NORM1_BIAS, NORM2,
  NORM2_BIAS, POST1, POST2, NORM_F, NORM_F_BIAS, STEERING, CAPTURED_RESIDUAL, CAPTURED_ATTENTION, CAPTURED_MLP, SCORED
};

struct Settings {
  sampling: Sampling,
  /// A text at most.
  positions: u32,
  end_count: u32,
  unused: vec2u,
  ends: array<vec4u, 4>,
}

@group(0) @binding(6) var<uniform> settings: Settings;

const IDS = SLOTS * TEXT;
const NLL = IDS + SLOTS * CONTEXT;
/// In the place of a captured number.
const NOTHING = 0xffffffffu;

/// Whether any text of the workgroup goes on, or wants logits.
var<workgroup> group_wants: atomic<u32>;
var<workgroup> group_told: u32;
/// Of the text whose turn it is: what wanted_of says, the id behind its position where that is given, the word by which it is drawn, its position.
var<workgroup> asked: vec4u;

fn is_end(id: u32) -> bool {
  var found = false;
  for (var at = 0u; at < settings.end_count; at++) { found = found || settings.ends[at / 4u][at % 4u] == id; }
  return found;
}

/// True in every thread where `mine` is in one.
fn any_of(local: u32, mine: bool) -> bool {
  if (local == 0u) { atomicStore(&group_wants, 0u); }
  storageBarrier();
  workgroupBarrier();
  if (mine) { atomicStore(&group_wants, 1u); }
  workgroupBarrier();
  if (local == 0u) { group_told = atomicLoad(&group_wants); }
  return workgroupUniformLoad(&group_told) == 1u;
}

/// Of the captured position: sets where its numbers go.
fn begin_capture(slot: u32, position: u32) {
  captured_slot = slot;
  captured_position = position;
  captured_windows = 0u;
  for (var window = 0u; window < WINDOWS; window++) {
    let at = slot * TEXT + TEXT_WINDOWS + 2u * window;
    if (position >= texts[at] && position < texts[at + 1u]) { captured_windows |= 1u << window; }
  }
}

fn capture4(at: u32, k4: u32, values: vec4f) {
  for (var c = 0u; c < 4u; c++) {
    if (4u * k4 + c < WIDTH) { capture(at + 4u * k4 + c, values[c]); }
  }
}

fn embed(slot: u32) {
  let position = position_of(slot);
  let id = texts[IDS + slot * CONTEXT + position];
  let embedding = Matrix(EMBEDDING_AT, WIDTH_IN4, VOCABULARY4, EMBEDDING_SCALES, NO_BIAS);
  let learned = Matrix(POSITIONS_AT, WIDTH_IN4, POSITIONS4, POSITIONS_SCALES, NO_BIAS);
  for (var k = 0u; k < WIDTH; k++) {
    var value = element(embedding, id, k) * EMBEDDING_SCALE;
    @if(!rotary) { value += element(learned, position, k); }
    set_number(slot, STREAM, k, value);
    @if(capture_residual) { capture(CAPTURED_RESIDUAL + k, value); }
  }
}

fn strength_of(slot: u32) -> f32 {
  let strength = bitcast<f32>(texts[slot * TEXT + 6u]);
  @if(steered_response) { return select(0.0, strength, position_of(slot) >= texts[slot * TEXT + 3u]); }
  @if(!steered_response) { return strength; }
}

/// Adds what attention or MLP left to the stream; `steered`: this is added besides, times the strength.
fn add(slot: u32, captured: u32, residual: u32, steered: u32) {
  @if(steered) let strength = strength_of(slot);
  for (var k = 0u; k < WIDTH4; k++) {
    let value = scratch[slot * STATE4 + ADDED + k];
    var stream = scratch[slot * STATE4 + STREAM + k] + value;
    if (captured != NOTHING) { capture4(captured, k, value); }
    @if(steered) { if (steered != NOTHING && strength != 0.0) { stream = fma(vec4f(strength), vectors[steered + k], stream); } }
    scratch[slot * STATE4 + STREAM + k] = stream;
    if (residual != NOTHING) { capture4(residual, k, stream); }
  }
}

/// Whether logits behind a text's position are wanted: 1 to draw, 2 for -log p of what is given.
fn wanted_of(slot: u32) -> u32 {
  if (!is_going(slot)) { return 0u; }
  let at = slot * TEXT;
  if (texts[at] + 1u < texts[at + 1u]) { return select(0u, 2u, SCORED == 1u); }
  return select(0u, 1u, texts[at + 1u] < texts[at + 2u]);
}

/// What a text does before a product: of a block q, k and v, what attention leaves, gate, up and down; behind the last block logits.
fn prepare(slot: u32, layer: u32, stage: u32) {
  let v = layer * BLOCK_VECTORS;
  let position = position_of(slot);
  begin_capture(slot, position);
  if (stage == QKV_STAGE && layer == 0u) { embed(slot); }
  if (stage == LOGITS_STAGE || (stage == QKV_STAGE && layer > 0u)) {
    // The block before is at its end.
    @if(post_norm) { normed(slot, ADDED, ADDED, POST2 + v - BLOCK_VECTORS, POST2 + v - BLOCK_VECTORS); }
    @if(capture_mlp) let mlp = CAPTURED_MLP + (layer - 1u) * WIDTH;
    @if(!capture_mlp) let mlp = NOTHING;
    @if(capture_residual) let residual = CAPTURED_RESIDUAL + layer * WIDTH;
    @if(!capture_residual) let residual = NOTHING;
    add(slot, mlp, residual, STEERING + (layer - 1u) * WIDTH4);
  }
  if (stage == O_STAGE) {
    keep_keys(slot, layer, position);
    var first = 0u;
    @if(window_all) { first = select(0u, position + 1u - WINDOW, position + 1u > WINDOW); }
    @if(window_even) { first = select(0u, position + 1u - WINDOW, position + 1u > WINDOW && layer % 2u == 0u); }
    attend(slot, layer, position, first);
  }
  if (stage == GATE_STAGE) {
    @if(post_norm) { normed(slot, ADDED, ADDED, POST1 + v, POST1 + v); }
    @if(capture_attention) let attention = CAPTURED_ATTENTION + layer * WIDTH;
    @if(!capture_attention) let attention = NOTHING;
    add(slot, attention, NOTHING, NOTHING);
  }
  var weight = NORM1 + v;
  var bias = NORM1_BIAS + v;
  if (stage == GATE_STAGE) { weight = NORM2 + v; bias = NORM2_BIAS + v; }
  if (stage == LOGITS_STAGE) { weight = NORM_F; bias = NORM_F_BIAS; }
  if (stage == QKV_STAGE || stage == GATE_STAGE || stage == LOGITS_STAGE) { normed(slot, STREAM, NORMED, weight, bias); }
}

/// One position of every text of the thread through all blocks, and its logits where any text of the workgroup wants them: then true. One call of
/// `multiply` for all products: a driver compiles what stands there once for each.
fn forward(local: u32, first_slot: u32, lane: u32) -> bool {
  for (var index = 0u; index <= LAYERS * STAGES; index++) {
    let layer = index / STAGES;
    let stage = select(index % STAGES, LOGITS_STAGE, layer == LAYERS);
    var wanted = false;
    for (var row = 0u; row < ROWS; row++) {
      let slot = first_slot + row * LANES;
      if (is_going(slot)) { prepare(slot, layer, stage); }
      wanted = wanted || wanted_of(slot) > 0u;
    }
    if (stage == LOGITS_STAGE && !any_of(local, wanted)) { return false; }
    @if(!gated) { if (stage == GATE_STAGE) { continue; } }
    let product = product_of(layer, stage);
    multiply(first_slot, lane, product.matrix, product.input, product.to, product.kind);
  }
  return true;
}

/// Draws for one text of the workgroup, or tells its -log p; all threads together.
fn choose(local: u32, slot: u32) {
  let at = slot * TEXT;
  if (local == 0u) {
    let wanted = wanted_of(slot);
    asked = vec4u(wanted, 0u, 0u, 0u);
    if (wanted > 0u) {
      let position = texts[at] + 1u;
      asked = vec4u(wanted, texts[IDS + slot * CONTEXT + position], token_word(vec2u(texts[at + 4u], texts[at + 5u]), position), position);
    }
  }
  let it = workgroupUniformLoad(&asked);
  if (it.x == 0u) { return; }
  logits_row = slot;
  let next = it.w;
  var id = it.y;
  var ends = false;
  if (it.x == 1u) {
    id = draw(local, settings.sampling, it.z);
    ends = is_end(id);
  }
  var nll = 0.0;
  if (SCORED == 1u && !ends) { nll = surprise(local, id); }
  if (local == 0u) {
    if (ends) {
      texts[at] = next;
      texts[at + 7u] = 0u;
    }
    else {
      @if(scored) { texts[NLL + slot * CONTEXT + next] = bitcast<u32>(nll); }
      if (it.x == 1u) {
        texts[IDS + slot * CONTEXT + next] = id;
        texts[at + 1u] = next + 1u;
      }
    }
  }
}

/// To the next position; a text of whose ids none is left has come to its end.
fn move_on(slot: u32) {
  let at = slot * TEXT;
  let position = texts[at] + 1u;
  texts[at] = position;
  if (position >= texts[at + 1u]) { texts[at + 7u] = 0u; }
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) local: u32,
  @if(quads) @builtin(subgroup_invocation_id) subgroup_lane: u32,
) {
  @if(quads) let lane = subgroup_lane;
  @if(!quads) let lane = 0u;
  let begin = group.x * LANES * ROWS;
  let first_slot = begin + local;
  for (var taken = 0u; taken < settings.positions; taken++) {
    var going = false;
    for (var row = 0u; row < ROWS; row++) { going = going || is_going(first_slot + row * LANES); }
    if (!any_of(local, going)) { break; }
    if (forward(local, first_slot, lane)) {
      storageBarrier();
      workgroupBarrier();
      for (var text = 0u; text < LANES * ROWS; text++) { choose(local, begin + text); }
      storageBarrier();
      workgroupBarrier();
    }
    for (var row = 0u; row < ROWS; row++) {
      let slot = first_slot + row * LANES;
      if (is_going(slot)) { move_on(slot); }
    }
  }
}
