// Writes all working copies anew, after weights that came from the host.
//
// Computes  nothing: rounds, transposes and fills up as nn/optimiser/adamw.wgsl does behind a step.
// Bindings  7 optimiser (weights first); those of nn/optimiser/tensors.wgsl.
// Workgroup UPDATE_THREADS threads, a block of 4 x 4 weights each; groups are counted row by row through a 2-D grid.
// Twin      src/nn/optimiser/tensor-table.ts (workingCopies).

import package::nn::optimiser::tensors::{block_at, place_of, write_copies};
import constants::{BLOCKS, UPDATE_THREADS};

@group(0) @binding(7) var<storage, read> optimiser: array<vec4f>;

@compute @workgroup_size(UPDATE_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let number = (group.y * groups.x + group.x) * UPDATE_THREADS + local;
  if (number >= BLOCKS) { return; }
  let block = block_at(number);
  var weights = array<vec4f, 4>();
  for (var r = 0u; r < block.count; r++) { weights[r] = optimiser[place_of(block, r)]; }
  write_copies(block, &weights);
}
