// A product of two values number by number along a direction, forwards or backwards.
//
// Computes  a' b + a b': forwards of a multiplication's two values; backwards of the output's adjoint a and the other value b, R{y^ b} = y^' b + y^ b'.
//           `accumulate`, `based` as in sink.wgsl.
// Bindings  1 a, 2 a', 3 b, 4 b' [position][4 WIDTH4]; 7 batch; 8, 9 of sink.wgsl.
// Thread    four numbers.
// Caller    positions WIDTH4 threads, workgroups counted row by row.
// Twin      multiplyTangent, multiplyTurn of src/nn/graph/twin/elementwise.ts.

import package::nn::graph::batch::token_count;
import package::nn::graph::sink::put;
import constants::{WIDTH4, THREADS};

@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> da: array<vec4f>;
@group(0) @binding(3) var<storage, read> b: array<vec4f>;
@group(0) @binding(4) var<storage, read> db: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let at = (group.y * groups.x + group.x) * THREADS + local;
  if (at >= token_count() * WIDTH4) { return; }
  put(at, da[at] * b[at] + a[at] * db[at]);
}
