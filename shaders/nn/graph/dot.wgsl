// Parts of a dot product: runs of numbers of one tensor each.
//
// Computes  parts[i] = sum over j from runs[i].x to runs[i].y - 1 of a[j] b[j]; condition same: a[j] a[j].
// Bindings  0 a, 1 b (unless same), 2 runs [RUNS], 3 parts [RUNS].
// Thread    a run.
// Order     four sums side by side, numbers 0, 4, 8 … of the run to the first; then (0 + 1) + (2 + 3), and the numbers left over one by one.
// Caller    one thread each of RUNS, workgroups counted row by row; adds the parts in f64 in their order.
// Twin      dots of src/nn/graph/twin.

import constants::{RUNS, THREADS};

@group(0) @binding(0) var<storage, read> a: array<f32>;
@if(!same) @group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read> runs: array<vec2u>;
@group(0) @binding(3) var<storage, read_write> parts: array<f32>;

fn product(at: u32) -> f32 {
  @if(same) return a[at] * a[at];
  @if(!same) return a[at] * b[at];
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * THREADS + local;
  if (index >= RUNS) { return; }
  let end = runs[index].y;
  var at = runs[index].x;
  var sums = vec4f();
  for (; at + 4u <= end; at += 4u) { sums += vec4f(product(at), product(at + 1u), product(at + 2u), product(at + 3u)); }
  var sum = (sums.x + sums.y) + (sums.z + sums.w);
  for (; at < end; at++) { sum += product(at); }
  parts[index] = sum;
}
