// Adds the sums of all lanes of an evaluation and hands every lane the totals.
//
// Computes  total[j] = Σ over lanes of own[j], in the fixed order of lib/reduce.wgsl.
// Bindings  none; the workgroup memory of lib/reduce.wgsl, none where a lane owns its evaluation.
// Thread    every lane brings its sums and its local invocation index.
// Caller    is in uniform control flow.

import package::lib::reduce::group_sum4;
import package::shear::likelihood::{Sums, SUMS};

fn total_sums(own: Sums, local: u32) -> Sums {
  @if(!shared_gaussians) return own;
  @if(shared_gaussians) {
    var total: Sums;
    for (var j = 0u; j < SUMS; j += 4u) {
      let four = group_sum4(vec4f(own[j], own[j + 1u], own[j + 2u], own[j + 3u]), local);
      total[j] = four.x;
      total[j + 1u] = four.y;
      total[j + 2u] = four.z;
      total[j + 3u] = four.w;
    }
    return total;
  }
}
