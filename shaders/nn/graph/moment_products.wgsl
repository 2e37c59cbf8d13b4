// Sums over positions of products of two values' rows, carried from call to call.
//
// Computes  sums[i][j] += sum over a row's positions of x_i y_j, row by row.
// Bindings  1 x [position][ROWS filled to fours]; 2 y [position][COLUMNS filled]; 6 sums [ROWS][COLUMNS filled]; 7 batch.
// Thread    four of ROWS by 4 BLOCK4 of COLUMNS (unrolled q).
// Order     positions from the first to the last, then rows from the first to the last on top of what is there: any split into calls gives equal bits.
// Caller    ceil(ROWS / 4) ceil(COLUMNS / 4 BLOCK4) threads, workgroups counted row by row.
// Twin      MomentSums of src/nn/graph/twin/moments.ts.

import package::nn::graph::batch::{row_count, row_start};
import constants::{ROWS, COLUMNS, BLOCK4, THREADS};

@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> y: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> sums: array<vec4f>;

const ROWS4 = (ROWS + 3u) / 4u;
const COLUMNS4 = (COLUMNS + 3u) / 4u;
const COLUMN_BLOCKS = (COLUMNS4 + BLOCK4 - 1u) / BLOCK4;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let number = (group.y * groups.x + group.x) * THREADS + local;
  let m = number / COLUMN_BLOCKS;
  let n = BLOCK4 * (number % COLUMN_BLOCKS);
  if (m >= ROWS4) { return; }
  //! unroll q
  let n$q = min(n + $qu, COLUMNS4 - 1u);
  var all0_$q = sums[4u * m * COLUMNS4 + n$q];
  var all1_$q = sums[min(4u * m + 1u, ROWS - 1u) * COLUMNS4 + n$q];
  var all2_$q = sums[min(4u * m + 2u, ROWS - 1u) * COLUMNS4 + n$q];
  var all3_$q = sums[min(4u * m + 3u, ROWS - 1u) * COLUMNS4 + n$q];
  //! end
  for (var row = 0u; row < row_count(); row++) {
    //! unroll q
    var own0_$q = vec4f();
    var own1_$q = vec4f();
    var own2_$q = vec4f();
    var own3_$q = vec4f();
    //! end
    for (var p = row_start(row); p < row_start(row + 1u); p++) {
      let a = x[p * ROWS4 + m];
      //! unroll q
      let b$q = y[p * COLUMNS4 + n$q];
      own0_$q = fma(vec4f(a.x), b$q, own0_$q);
      own1_$q = fma(vec4f(a.y), b$q, own1_$q);
      own2_$q = fma(vec4f(a.z), b$q, own2_$q);
      own3_$q = fma(vec4f(a.w), b$q, own3_$q);
      //! end
    }
    //! unroll q
    all0_$q += own0_$q;
    all1_$q += own1_$q;
    all2_$q += own2_$q;
    all3_$q += own3_$q;
    //! end
  }
  //! unroll q
  if (n + $qu < COLUMNS4) {
    sums[4u * m * COLUMNS4 + n$q] = all0_$q;
    if (4u * m + 1u < ROWS) { sums[(4u * m + 1u) * COLUMNS4 + n$q] = all1_$q; }
    if (4u * m + 2u < ROWS) { sums[(4u * m + 2u) * COLUMNS4 + n$q] = all2_$q; }
    if (4u * m + 3u < ROWS) { sums[(4u * m + 3u) * COLUMNS4 + n$q] = all3_$q; }
  }
  //! end
}
