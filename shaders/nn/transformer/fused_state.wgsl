// What a text's threads share while it goes through a decoder: one stretch of workgroup memory, cut in parts that the caller lays out.
//
// Computes  nothing: reads and writes numbers; a barrier
// Bindings  none; workgroup memory: STATE numbers.
// Workgroup FUSED_THREADS threads, a text.
// Thread    each call stands alone, but for `meet`: all threads, in uniform control flow.
// Caller    fused.wgsl; parts are laid out by src/nn/transformer/fused/layout.ts.
// Twin      none: numbers are moved.

import constants::STATE;

var<workgroup> state: array<f32, STATE>;

fn state_at(at: u32) -> f32 { return state[at]; }

fn state4_at(at: u32) -> vec4f { return vec4f(state[at], state[at + 1u], state[at + 2u], state[at + 3u]); }

fn set_state(at: u32, value: f32) { state[at] = value; }

/// What threads wrote before it is seen by all behind it.
fn meet() { workgroupBarrier(); }
