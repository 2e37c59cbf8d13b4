// A product of the layered decoder: rows of a step times a block of a weight's columns, a norm before it, what its sums become behind it.
//
// Computes  y[r][n] = sum over k of h[r][k] w[n][k], h = x, or norm(x) with condition normed; epilogues in nn/transformer/product_ends.wgsl
// Bindings  those of product_operands.wgsl, product_vectors.wgsl and product_ends.wgsl.
// Workgroup PRODUCT_THREADS threads: BLOCK_ROWS rows, 2 PAIRS columns a thread; TILE4 inputs in fours at a time in workgroup memory.
// Thread    BLOCK_ROWS rows (unrolled r), or half as many (s), or one, as there are, by pairs of columns (p).
// Order     over the inputs from the first to the last, by fma: bits hang on nothing. Condition quads (subgroups of four lanes, a load being dear on SwiftShader,
//           bench/NOTES.md): each four in the order of the column's lane, so that bits hang on the condition.
// Loops     INNER4, and what the norm takes.
// Caller    dispatches (ceil(rows / BLOCK_ROWS), blocks of the weight).
// Twin      src/nn/transformer/host/pass.ts, in f64.

import package::nn::transformer::product_operands::{COLUMNS, row_count, scale_of, weight_at, x, x_place};
import package::nn::transformer::product_norm::{measure, normalised};
import package::nn::transformer::product_ends::finish;
import constants::{INNER4, PAIRS, PRODUCT_THREADS, BLOCK_ROWS, SOME_ROWS, TILE4, FIRST_BLOCK};

/// [inputs in fours][rows].
var<workgroup> xs: array<vec4f, TILE4 * BLOCK_ROWS>;

/// Four inputs of a row. In quads each lane reads one and passes it on, and has the four in the order own, right, below, across.
fn input(at: u32, lane: u32) -> vec4f {
  @if(quads) {
    let own = xs[at][lane];
    return vec4f(own, quadSwapX(own), quadSwapY(own), quadSwapDiagonal(own));
  }
  @if(!quads) { return xs[at]; }
}

/// Four weights of a column, in the order in which the lane meets the inputs.
fn weight(at: u32, lane: u32) -> vec4f {
  @if(quads) {
    let w = weight_at(at);
    let pairs = select(w, w.yxwz, (lane & 1u) == 1u);
    return select(pairs, pairs.zwxy, (lane & 2u) == 2u);
  }
  @if(!quads) { return weight_at(at); }
}

fn chain(h: vec4f, weight: vec4f, sum: f32) -> f32 {
  return fma(h.w, weight.w, fma(h.z, weight.z, fma(h.y, weight.y, fma(h.x, weight.x, sum))));
}

@compute @workgroup_size(PRODUCT_THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let lane = local & 3u;
  let rows = row_count();
  let first = group.x * BLOCK_ROWS;
  if (first >= rows) { return; }
  let count = min(BLOCK_ROWS, rows - first);
  @if(normed) { measure(first, count, local); }
  //! unroll r
  //! unroll p
  var a$r_$p = 0.0; var b$r_$p = 0.0;
  //! end
  //! end
  var at = group.y * INNER4 * COLUMNS + local;
  for (var from_ = 0u; from_ < INNER4; from_ += TILE4) {
    let some = min(TILE4, INNER4 - from_);
    for (var v = local; v < count * TILE4; v += PRODUCT_THREADS) {
      let r = v / TILE4;
      let i = v % TILE4;
      if (i < some) {
        let value = x[x_place(first + r) + from_ + i];
        @if(normed) { xs[i * BLOCK_ROWS + r] = normalised(value, r, from_ + i); }
        @if(!normed) { xs[i * BLOCK_ROWS + r] = value; }
      }
    }
    workgroupBarrier();
    if (count > SOME_ROWS) {
      for (var i = 0u; i < some; i++) {
        //! unroll p
        let u$p = weight(at + 2u * $pu * PRODUCT_THREADS, lane); let v$p = weight(at + (2u * $pu + 1u) * PRODUCT_THREADS, lane);
        //! end
        //! unroll r
        let x$r = input(i * BLOCK_ROWS + $ru, lane);
        //! unroll p
        a$r_$p = chain(x$r, u$p, a$r_$p); b$r_$p = chain(x$r, v$p, b$r_$p);
        //! end
        //! end
        at += COLUMNS;
      }
    } else if (count > 1u) {
      for (var i = 0u; i < some; i++) {
        //! unroll p
        let u$p = weight(at + 2u * $pu * PRODUCT_THREADS, lane); let v$p = weight(at + (2u * $pu + 1u) * PRODUCT_THREADS, lane);
        //! end
        //! unroll s
        let x$s = input(i * BLOCK_ROWS + $su, lane);
        //! unroll p
        a$s_$p = chain(x$s, u$p, a$s_$p); b$s_$p = chain(x$s, v$p, b$s_$p);
        //! end
        //! end
        at += COLUMNS;
      }
    } else {
      for (var i = 0u; i < some; i++) {
        let h = input(i * BLOCK_ROWS, lane);
        //! unroll p
        a0_$p = chain(h, weight(at + 2u * $pu * PRODUCT_THREADS, lane), a0_$p);
        b0_$p = chain(h, weight(at + (2u * $pu + 1u) * PRODUCT_THREADS, lane), b0_$p);
        //! end
        at += COLUMNS;
      }
    }
    workgroupBarrier();
  }
  let column = (FIRST_BLOCK + group.y) * COLUMNS + 2u * PAIRS * local;
  //! unroll p
  let scale$p = vec2f(scale_of(column + 2u * $pu), scale_of(column + 2u * $pu + 1u));
  //! end
  //! unroll r
  if ($ru < count) {
    //! unroll p
    finish(first + $ru, column + 2u * $pu, vec2f(a$r_$p, b$r_$p) * scale$p);
    //! end
  }
  //! end
}
