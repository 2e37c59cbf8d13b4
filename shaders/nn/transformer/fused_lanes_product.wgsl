// Products of a decoder's matrices with the rows of texts, a thread some texts of its own: a weight that is loaded serves all of them.
//
// Computes  y = W x + b; then y, f(y), f(gate) y, or logits c tanh(y / c): f is GELU by tanh or SiLU
// Bindings  those of fused_lanes_matrix.wgsl and fused_lanes_state.wgsl.
// Thread    ROWS texts (unrolled r), LANES apart, by BLOCK4 fours of outputs (unrolled c), four inputs at a time (unrolled k). Condition quads: the four lanes of a
//           subgroup load a quarter of the weights each and swap them, a load being dear on SwiftShader (bench/NOTES.md).
// Order     over k from the first to the last; in quads in pairs, (0 + 1) + (2 + 3) of each four, in whatever order a lane has them: equal bits.
// Caller    fused_lanes.wgsl, in uniform control flow; texts that are done are computed with the others and read by nobody.
// Twin      src/nn/transformer/host/pass.ts, in f64.

import package::nn::transformer::fused_lanes_matrix::{Matrix, finished, four_at};
import package::nn::transformer::fused_lanes_state::scratch;
import constants::{LANES, STATE4, BLOCK4, LOGIT_CAP};

const STORE = 0u;
const ACTIVATE = 1u;
const GATE = 2u;
const LOGITS = 3u;

/// c tanh(x / c): without overflow.
fn capped4(x: vec4f, cap: f32) -> vec4f {
  return cap * (1.0 - 2.0 / (exp(min(2.0 * x / cap, vec4f(80.0))) + 1.0));
}

fn activated(x: vec4f) -> vec4f {
  @if(gelu) { return 0.5 * x * (1.0 + capped4(0.7978845608028654 * (x + 0.044715 * x * x * x), 1.0)); }
  @if(!gelu) { return x / (1.0 + exp(-max(x, vec4f(-80.0)))); }
}

fn settle(at: u32, kind: u32, value: vec4f) {
  if (kind == GATE) { scratch[at] *= value; }
  else if (kind == ACTIVATE) { scratch[at] = activated(value); }
  else {
    @if(logit_cap) { scratch[at] = select(value, capped4(value, LOGIT_CAP), kind == LOGITS); }
    @if(!logit_cap) { scratch[at] = value; }
  }
}

/// `slot`: of the thread's first text; `lane`: of its subgroup, in quads.
fn multiply(slot: u32, lane: u32, matrix: Matrix, input: u32, to: u32, kind: u32) {
  @if(quads) let odd = (lane & 1u) == 1u;
  @if(quads) let upper = (lane & 2u) == 2u;
  for (var column = 0u; column < matrix.outputs4; column += BLOCK4) {
    //! unroll r
    var from$r = (slot + $ru * LANES) * STATE4 + input;
    //! unroll c
    var sum$r_$c = vec4f();
    //! end
    //! end
    @if(quads) var at = matrix.at + lane * matrix.outputs4 + column;
    @if(!quads) var at = matrix.at + column;
    for (var i = 0u; i < matrix.inputs4; i++) {
      @if(quads) {
        // x in the order in which the lane meets the weights.
        //! unroll r
        let own$r = scratch[from$r];
        let pair$r = select(own$r, own$r.yxwz, odd);
        let x$r = select(pair$r, pair$r.zwxy, upper);
        //! end
        //! unroll c
        let w$c = four_at(at + $cu);
        let w$c_x = quadSwapX(w$c);
        let w$c_y = quadSwapY(w$c);
        let w$c_d = quadSwapDiagonal(w$c);
        //! unroll r
        sum$r_$c += fma(vec4f(x$r.x), w$c, x$r.y * w$c_x) + fma(vec4f(x$r.z), w$c_y, x$r.w * w$c_d);
        //! end
        //! end
      }
      @if(!quads) {
        //! unroll r
        let x$r = scratch[from$r];
        //! end
        //! unroll c
        let w0_$c = four_at(at + $cu);
        let w1_$c = four_at(at + matrix.outputs4 + $cu);
        let w2_$c = four_at(at + 2u * matrix.outputs4 + $cu);
        let w3_$c = four_at(at + 3u * matrix.outputs4 + $cu);
        //! unroll r
        sum$r_$c = fma(vec4f(x$r.w), w3_$c, fma(vec4f(x$r.z), w2_$c, fma(vec4f(x$r.y), w1_$c, fma(vec4f(x$r.x), w0_$c, sum$r_$c))));
        //! end
        //! end
      }
      at += 4u * matrix.outputs4;
      //! unroll r
      from$r += 1u;
      //! end
    }
    //! unroll r
    //! unroll c
    settle((slot + $ru * LANES) * STATE4 + to + column + $cu, kind, finished(matrix, column + $cu, sum$r_$c));
    //! end
    //! end
  }
}
