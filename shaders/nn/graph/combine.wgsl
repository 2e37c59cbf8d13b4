// A linear combination of vectors.
//
// Computes  y = f0 y (condition kept) + f1 x0 + f2 x1 + … (conditions term0 … term5), in this order.
// Bindings  0 y; 1 factors; 2 … 7 x0 … x5 [4 QUADS].
// Thread    four numbers.
// Caller    one thread each of QUADS, workgroups counted row by row.
// Twin      combine of src/nn/graph/twin.

import constants::{QUADS, THREADS};

@group(0) @binding(0) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(1) var<storage, read> factors: array<f32>;
@if(term0) @group(0) @binding(2) var<storage, read> x0: array<vec4f>;
@if(term1) @group(0) @binding(3) var<storage, read> x1: array<vec4f>;
@if(term2) @group(0) @binding(4) var<storage, read> x2: array<vec4f>;
@if(term3) @group(0) @binding(5) var<storage, read> x3: array<vec4f>;
@if(term4) @group(0) @binding(6) var<storage, read> x4: array<vec4f>;
@if(term5) @group(0) @binding(7) var<storage, read> x5: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let at = (group.y * groups.x + group.x) * THREADS + local;
  if (at >= QUADS) { return; }
  var sum = vec4f();
  @if(kept) { sum = factors[0] * y[at]; }
  @if(term0) { sum += factors[1] * x0[at]; }
  @if(term1) { sum += factors[2] * x1[at]; }
  @if(term2) { sum += factors[3] * x2[at]; }
  @if(term3) { sum += factors[4] * x3[at]; }
  @if(term4) { sum += factors[5] * x4[at]; }
  @if(term5) { sum += factors[6] * x5[at]; }
  y[at] = sum;
}
