// Sums over the threads of a group, always in the same order.
//
// Computes  s = sum of the values of GROUP_THREADS consecutive threads, as a binary tree: (v0 + v[T/2]) + (v[T/4] + ...) ...
// Bindings  none; workgroup memory: WORKGROUP_THREADS x 16 B.
// Workgroup WORKGROUP_THREADS threads in WORKGROUP_THREADS / GROUP_THREADS groups that share barriers and nothing else.
// Thread    brings one value and its local index; every thread of the group gets the same bits back.
// Caller    constants GROUP_THREADS (power of two) and WORKGROUP_THREADS; calls from uniform control flow, all threads.
// Order     depends on GROUP_THREADS only, so packing groups into workgroups does not change a bit.
// No subgroup variant: a butterfly of subgroupShuffleXor adds in this very order, but WGSL does not promise that consecutive
//           local indices are consecutive lanes of one subgroup, so its bits cannot be promised either.

import constants::GROUP_THREADS;
import constants::WORKGROUP_THREADS;

var<workgroup> reduce_scratch: array<vec4f, WORKGROUP_THREADS>;

/// Four sums at once; `local` is the local invocation index.
fn group_sum4(value: vec4f, local: u32) -> vec4f {
  if (GROUP_THREADS == 1) {
    return value;
  }
  let lane = local % u32(GROUP_THREADS);
  reduce_scratch[local] = value;
  workgroupBarrier();
  for (var stride = u32(GROUP_THREADS) / 2u; stride > 0u; stride = stride / 2u) {
    if (lane < stride) {
      reduce_scratch[local] = reduce_scratch[local] + reduce_scratch[local + stride];
    }
    workgroupBarrier();
  }
  let total = reduce_scratch[local - lane];
  workgroupBarrier(); // the next call writes the scratch again
  return total;
}

/// One sum.
fn group_sum(value: f32, local: u32) -> f32 {
  return group_sum4(vec4f(value, 0.0, 0.0, 0.0), local).x;
}
