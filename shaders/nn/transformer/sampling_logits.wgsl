// Where logits lie from which a token is drawn: a row of a buffer, or workgroup memory.
//
// Computes  a logit; its bits so turned that they ascend with it, −0 taken for 0
// Bindings  condition stored: 0 logits [rows][VOCABULARY] f32; lanes: a part of fused_lanes_state.wgsl. Without them none: `logits` of workgroup memory.
// Thread    each call stands alone.
// Caller    conditions stored and lanes: sets `logits_row` in every thread. A barrier stands between whoever writes logits and these.
// Twin      src/nn/transformer/sampling/twin.ts.

@if(lanes) import package::nn::transformer::fused_lanes_state::number_at;
@if(lanes) import constants::LOGITS_AT;
import constants::VOCABULARY;

@if(stored) @group(0) @binding(0) var<storage, read> logits: array<f32>;
@if(stored || lanes) var<private> logits_row: u32;
@if(!stored && !lanes) var<workgroup> logits: array<f32, VOCABULARY>;

fn logit_at(id: u32) -> f32 {
  @if(stored) { return logits[logits_row * VOCABULARY + id]; }
  @if(lanes) { return number_at(logits_row, LOGITS_AT, id); }
  @if(!stored && !lanes) { return logits[id]; }
}

/// Ascends with the logit.
fn key_of(logit: f32) -> u32 {
  let bits = bitcast<u32>(select(logit, 0.0, logit == 0.0));
  return select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
}

/// The logit that a key stands for.
fn logit_of(key: u32) -> f32 {
  return bitcast<f32>(select(~key, key & 0x7fffffffu, key >= 0x80000000u));
}
