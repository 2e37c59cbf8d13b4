// Adds the sums of all lanes of an evaluation, in a fixed order, and hands every lane the total.
//
// Computes  total[j] = sums₀[j] + sums₁[j] + … in lane order: the same bits whatever else runs in the workgroup.
// Bindings  none; workgroup memory of EVALUATIONS_PER_WORKGROUP × LANES × SUMS floats, none where LANES is 1.
// Thread    lane j adds column j (columns are shared out when there are more columns than lanes): two barriers in place of a tree's log2(LANES).
// Caller    is in uniform control flow. Measured against the tree of lib/reduce.wgsl in bench/NOTES.md.

import package::shear::likelihood::{Sums, SUMS};
import constants::{LANES, EVALUATIONS_PER_WORKGROUP};

@if(shared_gaussians) var<workgroup> lane_sums: array<Sums, LANES * EVALUATIONS_PER_WORKGROUP>;

fn total_sums(own: Sums, evaluation: u32, lane: u32) -> Sums {
  @if(!shared_gaussians) return own;
  @if(shared_gaussians) {
    let first = evaluation * LANES;
    workgroupBarrier();
    lane_sums[first + lane] = own;
    workgroupBarrier();
    for (var j = lane; j < SUMS; j += LANES) {
      var total = 0.0;
      for (var i = 0u; i < LANES; i++) { total += lane_sums[first + i][j]; }
      lane_sums[first][j] = total;
    }
    workgroupBarrier();
    return lane_sums[first];
  }
}
