// Turns the heads of every position by its place: rotary embeddings, pairs in halves.
//
// Computes  (a, b) -> (a cos f - SIGN b sin f, b cos f + SIGN a sin f) for the pairs (i, i + HALF) of every head, f = position frequency[i]. SIGN -1 turns back,
//           which is what adjoints need.                                                J. Su et al., RoFormer (2021)
// Bindings  0 x [tokens][STRIDE]; 1 turns [position][HALF]: cosine, sine; 7 batch; 8, 9 y, as x, number by number (sink_numbers.wgsl).
// Thread    a pair.
// Caller    one thread each of tokens HEADS HALF, workgroups counted row by row; turns in f64 on the CPU.
// Twin      rotary of src/nn/graph/twin.

import package::nn::graph::batch::{position_of, token_count};
import package::nn::graph::sink_numbers::put_number;
import constants::{HEADS, HALF, STRIDE, SIGN, THREADS};

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> turns: array<vec2f>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * THREADS + local;
  let token = index / (HEADS * HALF);
  if (token >= token_count()) { return; }
  let i = index % HALF;
  let at = token * STRIDE + (index / HALF) % HEADS * (2u * HALF) + i;
  let turn = turns[position_of(token) * HALF + i];
  let a = x[at];
  let b = x[at + HALF];
  put_number(at, a * turn.x - SIGN * b * turn.y);
  put_number(at + HALF, b * turn.x + SIGN * a * turn.y);
}
