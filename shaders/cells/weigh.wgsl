// Weights of the rows of a batch in its loss.
//
// Computes  masked rows of a cell with k of them, n genes a cell: condition nelbo (n + 1) / (n k BATCH), else 1 over all masked rows of the batch; 0 elsewhere.
//           With t uniform, k is uniform on 0 … n, so that the mean over masked rows, times (n + 1) / n, has the NELBO a gene, the integral of sum / t, as
//           its mean: the 1/t with its variance integrated out.
// Bindings  0 tokens [BATCH GENES]; 1 masked [BATCH]; 2 asked [BATCH GENES].
// Thread    a slot.
// Caller    one thread each of BATCH, workgroups counted row by row; gather.wgsl has run.
// Twin      weightsOf of src/workloads/cells/training/twin.ts.

import constants::{BATCH, GENES, MASK, GATHER_THREADS};

@group(0) @binding(0) var<storage, read> tokens: array<u32>;
@group(0) @binding(1) var<storage, read> masked: array<u32>;
@group(0) @binding(2) var<storage, read_write> asked: array<vec2u>;

@if(nelbo) fn weight_of(slot: u32) -> f32 {
  return f32(GENES + 1u) / (f32(GENES) * f32(max(masked[slot], 1u)) * f32(BATCH));
}
@if(!nelbo) fn weight_of(slot: u32) -> f32 {
  var all = 0u;
  for (var i = 0u; i < BATCH; i++) { all += masked[i]; }
  return 1.0 / f32(max(all, 1u));
}

@compute @workgroup_size(GATHER_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let slot = (group.y * groups.x + group.x) * GATHER_THREADS + local;
  if (slot >= BATCH) { return; }
  let weight = weight_of(slot);
  for (var row = slot * GENES; row < (slot + 1u) * GENES; row++) {
    asked[row].y = bitcast<u32>(select(0.0, weight, tokens[row] == MASK));
  }
}
