// Labels of the cells of a training step, some dropped.
//
// Computes  the label of every slot's cell, with probability DROP the label NONE instead.
// Bindings  0 labels: of all cells; 1 order [CELLS]: those to train on; 2 label [BATCH]; 8 state; 11 keys.
// Random    key of the training: counter (step BATCH + slot, 0) gives the cell, as in gather.wgsl, word WORD of (…, 1) the drop.
// Thread    a slot.
// Caller    one thread each of BATCH, workgroups counted row by row; once for every kind of label.
// Twin      labelsTwin of src/workloads/cells/training/twin.ts.

import package::lib::rng::{threefry2x32, uniform01};
import package::nn::optimiser::state::state;
import constants::{BATCH, CELLS, NONE, DROP, WORD, GATHER_THREADS};

@group(0) @binding(0) var<storage, read> labels: array<u32>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read_write> label: array<u32>;
@group(0) @binding(11) var<uniform> keys: vec4u;

@compute @workgroup_size(GATHER_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let slot = (group.y * groups.x + group.x) * GATHER_THREADS + local;
  if (slot >= BATCH) { return; }
  let number = state.step * BATCH + slot;
  let cell = order[threefry2x32(keys.xy, vec2u(number, 0u)).x % CELLS];
  let dropped = uniform01(threefry2x32(keys.xy, vec2u(number, 1u))[WORD]) < DROP;
  label[slot] = select(labels[cell], NONE, dropped);
}
