// Draws a token from each of some rows of logits.
//
// Computes  draw, or the row's given id; −log p of it where asked for (sampling.wgsl)
// Bindings  0 logits [rows][VOCABULARY] f32; 1 asked [rows] (seed low, seed high, position of the token, a given id or NONE); 2 settings (uniform), as
//           samplingWords lays them down; 3 drawn [rows] (id, bits of −log p). Condition words: asked (word of u, 0, 0, NONE), for tests.
// Workgroup SAMPLING_THREADS threads, a row each.
// Order     none (sampling.wgsl): bits depend on a row's logits alone.
// Caller    a workgroup a row, counted row by row of the grid; SCORED: 1 where −log p is asked for.
// Twin      src/nn/transformer/sampling/twin.ts.

import package::nn::transformer::sampling::{Sampling, draw, surprise, token_word};
import package::nn::transformer::sampling_logits::logits_row;
import constants::{SAMPLING_THREADS, SCORED};

const NONE = 0xffffffffu;

@group(0) @binding(1) var<storage, read> asked: array<vec4u>;
@group(0) @binding(2) var<uniform> settings: Sampling;
@group(0) @binding(3) var<storage, read_write> drawn: array<vec2u>;

@compute @workgroup_size(SAMPLING_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= arrayLength(&asked)) { return; }
  logits_row = row;
  let it = asked[row];
  var id = it.w;
  if (id == NONE) {
    @if(words) let word = it.x;
    @if(!words) let word = token_word(it.xy, it.z);
    id = draw(local, settings, word);
  }
  var nll = 0.0;
  if (SCORED == 1u) { nll = surprise(local, id); }
  if (local == 0u) { drawn[row] = vec2u(id, bitcast<u32>(nll)); }
}
