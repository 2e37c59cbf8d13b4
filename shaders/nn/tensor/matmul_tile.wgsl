// A matrix product over rows in tiles that a workgroup loads together. For GPUs.
//
// Computes  nn/tensor/operands.wgsl.
// Bindings  those of nn/tensor/operands.wgsl.
// Workgroup ROW_LANES x COLUMN_LANES threads: a tile of ROW_LANES BLOCK_ROWS rows and COLUMN_LANES BLOCK4 columns in fours, TILE_INNER4 inputs in fours at a time.
// Memory    a tile of x and one of w, 16 B each four numbers, 8 B in half.
// Thread    BLOCK_ROWS rows (unrolled r) ROW_LANES apart by BLOCK4 columns in fours (c) COLUMN_LANES apart, four inputs at a time (k).
// Order     over the inputs from the first to the last: bits hang on no size of the tile, in half by fours.
// Caller    ceil(rows / tile) x COLUMN_BLOCKS workgroups, counted row by row; rows beyond the last are read as the last and not written.
// Twin      linear of src/nn/tensor/twin.ts.

import package::nn::tensor::operands::{finish, row_count, row_of, w_at, x_at, x_place};
import constants::{INNER4, W_STRIDE4, COLUMN4, COLUMNS4, COLUMN_BLOCKS, BLOCK_ROWS, BLOCK4, ROW_LANES, COLUMN_LANES, TILE_INNER4};

const TILE_ROWS = ROW_LANES * BLOCK_ROWS;
const TILE_COLUMNS4 = COLUMN_LANES * BLOCK4;
const THREADS = ROW_LANES * COLUMN_LANES;
const X_VECTORS = TILE_ROWS * TILE_INNER4;
const W_VECTORS = 4u * TILE_INNER4 * TILE_COLUMNS4;

/// [inputs in fours][rows], so that neighbouring threads read neighbouring numbers.
@if(half) var<workgroup> xs: array<vec4<f16>, X_VECTORS>;
@if(half) var<workgroup> ws: array<vec4<f16>, W_VECTORS>;
@if(!half) var<workgroup> xs: array<vec4f, X_VECTORS>;
@if(!half) var<workgroup> ws: array<vec4f, W_VECTORS>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let number = group.y * groups.x + group.x;
  let rows = row_count();
  let first = number / COLUMN_BLOCKS * TILE_ROWS;
  let column = number % COLUMN_BLOCKS * TILE_COLUMNS4;
  let lane = local % COLUMN_LANES;
  let row = local / COLUMN_LANES;
  //! unroll r
  //! unroll c
  var sum$r_$c = vec4f();
  //! end
  //! end
  for (var inner = 0u; inner < INNER4; inner += TILE_INNER4) {
    for (var v = local; v < X_VECTORS; v += THREADS) {
      let r = v / TILE_INNER4;
      let i = v % TILE_INNER4;
      // Beyond the last input both are zero.
      if (inner + i < INNER4) { xs[i * TILE_ROWS + r] = x_at(x_place(min(first + r, rows - 1u)) + inner + i); }
      @if(half) { if (inner + i >= INNER4) { xs[i * TILE_ROWS + r] = vec4<f16>(); } }
      @if(!half) { if (inner + i >= INNER4) { xs[i * TILE_ROWS + r] = vec4f(); } }
    }
    for (var v = local; v < W_VECTORS; v += THREADS) {
      let i = 4u * inner + v / TILE_COLUMNS4;
      let c = min(column + v % TILE_COLUMNS4, COLUMNS4 - 1u);
      if (i < 4u * INNER4) { ws[v] = w_at(i * W_STRIDE4 + COLUMN4 + c); }
      @if(half) { if (i >= 4u * INNER4) { ws[v] = vec4<f16>(); } }
      @if(!half) { if (i >= 4u * INNER4) { ws[v] = vec4f(); } }
    }
    workgroupBarrier();
    for (var i = 0u; i < TILE_INNER4; i++) {
      //! unroll r
      let x$r = xs[i * TILE_ROWS + row + $ru * ROW_LANES];
      //! end
      //! unroll c
      //! unroll k
      let w$k_$c = ws[(4u * i + $ku) * TILE_COLUMNS4 + lane + $cu * COLUMN_LANES];
      //! end
      //! unroll r
      @if(half) { sum$r_$c += vec4f((x$r.x * w0_$c + x$r.y * w1_$c) + (x$r.z * w2_$c + x$r.w * w3_$c)); }
      @if(!half) { sum$r_$c += x$r.x * w0_$c; sum$r_$c += x$r.y * w1_$c; sum$r_$c += x$r.z * w2_$c; sum$r_$c += x$r.w * w3_$c; }
      //! end
      //! end
    }
    workgroupBarrier();
  }
  //! unroll r
  if (first + row + $ru * ROW_LANES < rows) {
    let target_ = row_of(first + row + $ru * ROW_LANES);
    //! unroll c
    if (column + lane + $cu * COLUMN_LANES < COLUMNS4) { finish(target_, column + lane + $cu * COLUMN_LANES, sum$r_$c); }
    //! end
  }
  //! end
}
