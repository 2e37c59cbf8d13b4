// The squared length of the gradient in parts, in a fixed order, and whether all of it is finite.
//
// Computes  parts[i] = sum of squares of the i-th of PARTS stretches of the gradient; infinity or NaN stays visible in it.
// Bindings  5 gradient, 6 parts [PARTS].
// Workgroup 1 thread a part.
// Caller    one workgroup a part; adds the parts in their order.
// Twin      src/nn/optimiser/adamw.ts (squaredLength).

import constants::{PARAMETERS4, PARTS};

@group(0) @binding(5) var<storage, read_write> gradient: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> parts: array<f32>;

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) part: vec3u) {
  let each = (PARAMETERS4 + PARTS - 1u) / PARTS;
  var sum = vec4f();
  for (var i = part.x * each; i < min(PARAMETERS4, (part.x + 1u) * each); i++) { sum += gradient[i] * gradient[i]; }
  parts[part.x] = (sum.x + sum.y) + (sum.z + sum.w);
}
