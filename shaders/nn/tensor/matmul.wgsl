// A matrix product over rows, each thread with a block of its own: no barriers, no workgroup memory. For software adapters.
//
// Computes  nn/tensor/operands.wgsl. Condition quads: the four lanes of a subgroup have the same columns; each loads a quarter of the weights and swaps them
//           with the others, a load being dear on SwiftShader (bench/NOTES.md).
// Bindings  those of nn/tensor/operands.wgsl.
// Workgroup MATMUL_THREADS threads, whole subgroups in quads: their rows in turn, of the same columns.
// Thread    rows (unrolled r) by columns in fours (c), four inputs at a time (k).
// Order     over the inputs from the first to the last; in quads in pairs, (0 + 1) + (2 + 3) of each four, in whatever order a lane has them: equal bits.
// Caller    ceil(rows / (threads x rows of a block)) x COLUMN_BLOCKS workgroups, counted row by row; at most 4 x 65,535 inputs.
// Twin      linear of src/nn/tensor/twin.ts.

import package::nn::tensor::operands::{finish, row_count, row_of, w_at, x_at, x_place};
import constants::{INNER4, W_STRIDE4, COLUMN4, COLUMN_BLOCKS, BLOCK_ROWS, BLOCK4, MATMUL_THREADS};

@compute @workgroup_size(MATMUL_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
  @if(quads) @builtin(subgroup_invocation_id) lane: u32,
) {
  let number = group.y * groups.x + group.x;
  let rows = row_count();
  // A thread's rows are MATMUL_THREADS apart: lanes read rows beside each other.
  let first = number / COLUMN_BLOCKS * MATMUL_THREADS * BLOCK_ROWS + local;
  let column = number % COLUMN_BLOCKS * BLOCK4;
  //! unroll r
  var from$r = x_place(min(first + $ru * MATMUL_THREADS, rows - 1u));
  //! unroll c
  var sum$r_$c = vec4f();
  //! end
  //! end
  @if(quads) var at = lane * W_STRIDE4 + COLUMN4 + column;
  @if(!quads) var at = COLUMN4 + column;
  @if(quads) let odd = (lane & 1u) == 1u;
  @if(quads) let upper = (lane & 2u) == 2u;
  for (var i = 0u; i < INNER4; i++) {
    @if(quads) {
      // x in the order in which the lane meets the weights.
      //! unroll r
      let own$r = x_at(from$r);
      let pair$r = select(own$r, own$r.yxwz, odd);
      let x$r = select(pair$r, pair$r.zwxy, upper);
      //! end
      //! unroll c
      let w$c = w_at(at + $cu);
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
      let x$r = x_at(from$r);
      //! end
      //! unroll k
      //! unroll c
      let w$k_$c = w_at(at + $ku * W_STRIDE4 + $cu);
      //! end
      //! end
      //! unroll r
      //! unroll c
      @if(half) { sum$r_$c += vec4f((x$r.x * w0_$c + x$r.y * w1_$c) + (x$r.z * w2_$c + x$r.w * w3_$c)); }
      @if(!half) { sum$r_$c = fma(vec4f(x$r.w), w3_$c, fma(vec4f(x$r.z), w2_$c, fma(vec4f(x$r.y), w1_$c, fma(vec4f(x$r.x), w0_$c, sum$r_$c)))); }
      //! end
      //! end
    }
    at += 4u * W_STRIDE4;
    //! unroll r
    from$r += 1u;
    //! end
  }
  //! unroll r
  if (first + $ru * MATMUL_THREADS < rows) {
    let row = row_of(first + $ru * MATMUL_THREADS);
    //! unroll c
    finish(row, column + $cu, sum$r_$c);
    //! end
  }
  //! end
}
