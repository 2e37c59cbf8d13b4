// Turns q and k of every gene by its index, in place: rotary positions.
//
// Computes  (a, b) -> (a cos f - b sin f, b cos f + a sin f) for the halves a, b of a head, f = gene 1e4^(-2 c / (4 HEAD4)) for the c-th number of a half; SIGN -1
//           turns back, which is the transposed map.                                      J. Su et al., RoFormer (2021)
// Bindings  0 values [cells GENES][3][HEADS][4 HEAD4], in f32 or packed (conditions packed, bf16); 1 turns [GENES][2 HEAD4][2]: cosine, sine.
// Thread    four numbers of a half and the four of the other: HEAD4 is even.
// Caller    one thread each of rows 2 HEADS HEAD4 / 2, rows as many as there are, or fewer, workgroups counted row by row; turns in f64 on the CPU.
// Twin      rotated of src/nn/tensor/attention-twin.ts.

import package::nn::tensor::packed::{packed4, unpacked4};
import constants::{GENES, HEADS, HEAD4, SIGN, ROW_THREADS};

@if(!packed) @group(0) @binding(0) var<storage, read_write> values: array<vec4f>;
@if(packed) @group(0) @binding(0) var<storage, read_write> values: array<vec2u>;
/// Cosines and sines of two numbers.
@group(0) @binding(1) var<storage, read> turns: array<vec4f>;

const HALF4 = HEAD4 / 2u;

@if(packed) fn value_at(at: u32) -> vec4f { return unpacked4(values[at]); }
@if(!packed) fn value_at(at: u32) -> vec4f { return values[at]; }

fn put(at: u32, value: vec4f) {
  @if(packed) { values[at] = packed4(value); }
  @if(!packed) { values[at] = value; }
}

@compute @workgroup_size(ROW_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * ROW_THREADS + local;
  let c = index % HALF4;
  let head = (index / HALF4) % (2u * HEADS);
  let row = index / (HALF4 * 2u * HEADS);
  if (row >= arrayLength(&values) / (3u * HEADS * HEAD4)) { return; }
  let at = (row * 3u * HEADS + head) * HEAD4 + c;
  let t = 2u * ((row % GENES) * HALF4 + c);
  let turn = vec4f(turns[t].xz, turns[t + 1u].xz);
  let lift = SIGN * vec4f(turns[t].yw, turns[t + 1u].yw);
  let a = value_at(at);
  let b = value_at(at + HALF4);
  put(at, a * turn - b * lift);
  put(at + HALF4, b * turn + a * lift);
}
