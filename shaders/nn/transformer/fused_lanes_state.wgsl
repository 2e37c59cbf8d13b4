// Texts of a thread's own while they go through a decoder: their numbers in fours, in a buffer, since workgroup memory is dear on software adapters.
//
// Computes  nothing: reads and writes numbers
// Bindings  7 scratch [slots, filled up to whole workgroups][STATE4] of four numbers; 3 texts (fused.wgsl).
// Thread    each call stands alone.
// Caller    fused_lanes.wgsl; parts are laid out by src/nn/transformer/fused/state-layout.ts.
// Twin      none: numbers are moved.

import constants::{SLOTS, STATE4, TEXT};

@group(0) @binding(3) var<storage, read_write> texts: array<u32>;
@group(0) @binding(7) var<storage, read_write> scratch: array<vec4f>;

const GOING = 1u;

/// Whether the slot has a text that goes on.
fn is_going(slot: u32) -> bool {
  return slot < SLOTS && texts[min(slot, SLOTS - 1u) * TEXT + 7u] == GOING;
}

fn position_of(slot: u32) -> u32 { return texts[slot * TEXT]; }

/// A single number of a part.
fn number_at(slot: u32, part: u32, at: u32) -> f32 { return scratch[slot * STATE4 + part + at / 4u][at % 4u]; }

fn set_number(slot: u32, part: u32, at: u32, value: f32) { scratch[slot * STATE4 + part + at / 4u][at % 4u] = value; }
