// Products of a decoder's matrices with the vector that a text's threads share, and what becomes of them.
//
// Computes  y = W x + b; then y, f(y), f(gate) y, or logits c tanh(y / c): f is GELU by tanh or SiLU
// Bindings  those of fused_matrix.wgsl.
// Thread    outputs FUSED_THREADS apart, OUTPUTS of them at a time (unrolled r), four inputs at a time and QUADS times a load (q); an output of another product has the same thread.
// Order     over k from the first to the last as four sums, each over every fourth k, added as (0 + 1) + (2 + 3).
// Caller    fused.wgsl; a barrier stands before and behind.
// Twin      src/nn/transformer/host/pass.ts, in f64.

import package::nn::transformer::fused_matrix::{Matrix, finished, matrices, quad};
import package::nn::transformer::fused_state::{set_state, state4_at, state_at};
import package::nn::transformer::sampling_logits::logits;
import constants::{FUSED_THREADS, OUTPUTS, LOGIT_CAP, QUADS};

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
    var sums$r = vec4f();
    //! end
    var k = input;
    for (var step = 0u; step < matrix.steps; step++) {
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
    //! unroll r
    let output$r = first + $ru * FUSED_THREADS;
    if (output$r < matrix.outputs) {
      let sum$r = (sums$r.x + sums$r.y) + (sums$r.z + sums$r.w);
      settle(finished(matrix, output$r, sum$r), to, kind, output$r);
    }
    //! end
  }
}
