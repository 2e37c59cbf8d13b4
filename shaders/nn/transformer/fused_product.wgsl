// Products of a decoder's matrices with the vector that a text's threads share, and what becomes of them.
//
// Computes  y = W x + b; then y, f(y), f(gate) y, or logits c tanh(y / c): f is GELU by tanh or SiLU
// Bindings  those of fused_matrix.wgsl.
// Thread    outputs FUSED_THREADS apart, OUTPUTS of them at a time (unrolled r); an output of another product has the same thread.
// Order     fused_matrix.wgsl.
// Caller    fused.wgsl; a barrier stands before and behind.
// Twin      src/nn/transformer/twin.

import package::nn::transformer::fused_matrix::{Matrix, finished, matrices};
@if(wide) import package::nn::transformer::fused_matrix::quad;
@if(f16 || bf16) import package::nn::transformer::fused_matrix::two;
@if(int8) import package::nn::transformer::fused_matrix::four;
import package::nn::transformer::fused_state::{set_state, state4_at, state_at};
import package::nn::transformer::sampling_logits::logits;
import constants::{FUSED_THREADS, OUTPUTS, LOGIT_CAP, QUADS, ROUND_NUMBERS};

const STORE = 0u;
const ACTIVATE = 1u;
const GATE = 2u;
const LOGITS = 3u;

/// c tanh(x / c): without overflow.
fn capped(x: f32, cap: f32) -> f32 {
  return cap * (1.0 - 2.0 / (exp(min(2.0 * x / cap, 80.0)) + 1.0));
}

fn activated(x: f32) -> f32 {
  @if(gelu) { return 0.5 * x * (1.0 + capped(0.7978845608028654 * (x + 0.044715 * x * x * x), 1.0)); }
  @if(!gelu) { return x / (1.0 + exp(-max(x, -80.0))); }
}

fn settle(value: f32, to: u32, kind: u32, output: u32) {
  if (kind == LOGITS) {
    @if(logit_cap) { logits[output] = capped(value, LOGIT_CAP); }
    @if(!logit_cap) { logits[output] = value; }
  } else if (kind == GATE) { set_state(to + output, state_at(to + output) * value); }
  else if (kind == ACTIVATE) { set_state(to + output, activated(value)); }
  else { set_state(to + output, value); }
}

fn multiply(local: u32, matrix: Matrix, input: u32, to: u32, kind: u32) {
  for (var first = local; first < matrix.outputs; first += FUSED_THREADS * OUTPUTS) {
    //! unroll r
    var at$r = matrix.at + min(first + $ru * FUSED_THREADS, matrix.outputs - 1u);
    @if(wide) var sums$r = vec4f();
    @if(!wide) var sum$r = 0.0;
    //! end
    var k = input;
    for (var step = 0u; step < matrix.steps; step++) {
      @if(wide) {
        //! unroll q
        let x$q = state4_at(k + 4u * $qu);
        //! end
        //! unroll r
        let load$r = matrices[at$r];
        at$r += matrix.outputs;
        //! unroll q
        sums$r = fma(quad(load$r, $qu), x$q, sums$r);
        //! end
        //! end
        k += 4u * QUADS;
      }
      @if(!wide) {
        //! unroll u
        @if(f32) { let x = state_at(k + $uu);
        //! unroll r
        sum$r = fma(bitcast<f32>(matrices[at$r]), x, sum$r); at$r += matrix.outputs;
        //! end
        }
        @if(f16 || bf16) { let xa = state_at(k + 2u * $uu); let xb = state_at(k + 2u * $uu + 1u);
        //! unroll r
        let pair$r = two(matrices[at$r]); at$r += matrix.outputs;
        sum$r = fma(pair$r.y, xb, fma(pair$r.x, xa, sum$r));
        //! end
        }
        @if(int8) { let xa = state_at(k + 4u * $uu); let xb = state_at(k + 4u * $uu + 1u); let xc = state_at(k + 4u * $uu + 2u); let xd = state_at(k + 4u * $uu + 3u);
        //! unroll r
        let bytes$r = four(matrices[at$r]); at$r += matrix.outputs;
        sum$r = fma(bytes$r.w, xd, fma(bytes$r.z, xc, fma(bytes$r.y, xb, fma(bytes$r.x, xa, sum$r))));
        //! end
        }
        //! end
        k += ROUND_NUMBERS;
      }
    }
    //! unroll r
    let output$r = first + $ru * FUSED_THREADS;
    if (output$r < matrix.outputs) {
      @if(wide) let sum$r = (sums$r.x + sums$r.y) + (sums$r.z + sums$r.w);
      settle(finished(matrix, output$r, sum$r), to, kind, output$r);
    }
    //! end
  }
}
