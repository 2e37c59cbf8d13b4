// A matrix product over positions: y = x W + b, or what it adds to the adjoint of x, ȳ Wᵀ.
//
// Computes  y[t][n] = sum over k of x[t][k] M(k, n) + b[n] (condition biased). Condition down: the tensor has a row for every k, else for every n.
//           Condition quads: the four lanes of a subgroup have the same columns; each loads a quarter of the weights and swaps them with the others, a load being
//           dear on SwiftShader (bench/NOTES.md).
// Bindings  0 x [tokens][4 INNER4]; 1 w (matrix.wgsl); 2 b (bias.wgsl); 7 batch (batch.wgsl); 8, 9 y [tokens][4 OUTER4] (sink.wgsl).
// Workgroup THREADS threads, in quads whole subgroups: positions in turn, of the same columns.
// Thread    BLOCK_ROWS positions (unrolled r) THREADS apart by BLOCK4 columns in fours (c), four inputs at a time (k).
// Order     over the inputs by fours, (0 + 1) + (2 + 3) of each, from the first to the last: bits hang on no size of a block.
// Caller    ceil(tokens / (THREADS BLOCK_ROWS)) x COLUMN_BLOCKS workgroups, counted row by row.
// Twin      linear of src/nn/graph/twin.

import package::nn::graph::batch::token_count;
@if(biased) import package::nn::graph::bias::b_at;
@if(!w_aligned) import package::nn::graph::matrix::w_at;
@if(w_aligned) import package::nn::graph::matrix::{w_four, w_place};
import package::nn::graph::sink::put;
import package::nn::graph::tail::within;
import constants::{W_WIDTH, INNER4, OUTER, OUTER4, COLUMN_BLOCKS, BLOCK_ROWS, BLOCK4, THREADS};

@group(0) @binding(0) var<storage, read> x: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
  @if(quads) @builtin(subgroup_invocation_id) lane: u32,
) {
  let number = group.y * groups.x + group.x;
  let tokens = token_count();
  let first = number / COLUMN_BLOCKS * THREADS * BLOCK_ROWS + local;
  let column = number % COLUMN_BLOCKS * BLOCK4;
  //! unroll r
  var from$r = min(first + $ru * THREADS, tokens - 1u) * INNER4;
  //! end
  //! unroll c
  let column$c = min(column + $cu, OUTER4 - 1u);
  @if(w_aligned && quads && down) let place$c = w_place(lane, column$c);
  @if(w_aligned && quads && !down) let place$c = w_place(min(4u * column$c + lane, OUTER - 1u), 0u);
  @if(w_aligned && !quads && down) let place$c = w_place(0u, column$c);
  //! unroll r
  var sum$r_$c = vec4f();
  //! end
  //! end
  @if(quads) let odd = (lane & 1u) == 1u;
  @if(quads) let upper = (lane & 2u) == 2u;
  for (var i = 0u; i < INNER4; i++) {
    //! unroll r
    let x$r = x[from$r + i];
    //! end
    @if(quads && down) {
      // x in the order in which the lane meets the weights.
      //! unroll r
      let pair$r = select(x$r, x$r.yxwz, odd);
      let turned$r = select(pair$r, pair$r.zwxy, upper);
      //! end
      //! unroll c
      @if(w_aligned) let own$c = w_four(place$c + i * W_WIDTH);
      @if(!w_aligned) let own$c = w_at(4u * i + lane, column$c);
      let w$c_x = quadSwapX(own$c);
      let w$c_y = quadSwapY(own$c);
      let w$c_d = quadSwapDiagonal(own$c);
      //! unroll r
      sum$r_$c += fma(vec4f(turned$r.x), own$c, turned$r.y * w$c_x) + fma(vec4f(turned$r.z), w$c_y, turned$r.w * w$c_d);
      //! end
      //! end
    }
    @if(quads && !down) {
      // Sums in the order in which the lane meets the columns.
      //! unroll c
      @if(w_aligned) let own$c = w_four(place$c + i);
      @if(!w_aligned) let own$c = w_at(min(4u * column$c + lane, OUTER - 1u), i);
      let w$c_x = quadSwapX(own$c);
      let w$c_y = quadSwapY(own$c);
      let w$c_d = quadSwapDiagonal(own$c);
      //! unroll r
      sum$r_$c += fma(vec4f(x$r.x), vec4f(own$c.x, w$c_x.x, w$c_y.x, w$c_d.x), x$r.y * vec4f(own$c.y, w$c_x.y, w$c_y.y, w$c_d.y))
        + fma(vec4f(x$r.z), vec4f(own$c.z, w$c_x.z, w$c_y.z, w$c_d.z), x$r.w * vec4f(own$c.w, w$c_x.w, w$c_y.w, w$c_d.w));
      //! end
      //! end
    }
    @if(!quads) {
      //! unroll c
      @if(down) {
        //! unroll k
        @if(w_aligned) let w$k_$c = w_four(place$c + i * W_WIDTH + $ku * (W_WIDTH / 4u));
        @if(!w_aligned) let w$k_$c = w_at(4u * i + $ku, column$c);
        //! end
        //! unroll r
        sum$r_$c += fma(vec4f(x$r.x), w0_$c, x$r.y * w1_$c) + fma(vec4f(x$r.z), w2_$c, x$r.w * w3_$c);
        //! end
      }
      @if(!down) {
        //! unroll k
        @if(w_aligned) let u$k_$c = w_four(w_place(min(4u * column$c + $ku, OUTER - 1u), i));
        @if(!w_aligned) let u$k_$c = w_at(min(4u * column$c + $ku, OUTER - 1u), i);
        //! end
        //! unroll r
        sum$r_$c += fma(vec4f(x$r.x), vec4f(u0_$c.x, u1_$c.x, u2_$c.x, u3_$c.x), x$r.y * vec4f(u0_$c.y, u1_$c.y, u2_$c.y, u3_$c.y))
          + fma(vec4f(x$r.z), vec4f(u0_$c.z, u1_$c.z, u2_$c.z, u3_$c.z), x$r.w * vec4f(u0_$c.w, u1_$c.w, u2_$c.w, u3_$c.w));
        //! end
      }
      //! end
    }
  }
  //! unroll r
  //! unroll c
  @if(quads && !down) {
    let near$r_$c = select(sum$r_$c, sum$r_$c.yxwz, odd);
    sum$r_$c = select(near$r_$c, near$r_$c.zwxy, upper);
  }
  if (first + $ru * THREADS < tokens && column + $cu < OUTER4) {
    var value$r_$c = sum$r_$c;
    @if(biased) { value$r_$c += b_at(column$c); }
    put((first + $ru * THREADS) * OUTER4 + column$c, within(column$c, value$r_$c));
  }
  //! end
  //! end
}
