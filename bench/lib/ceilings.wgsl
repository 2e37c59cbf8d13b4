// What an adapter can do at most: independent multiply-adds, or independent exponentials, and nothing else.
//
// Computes  condition `exponentials`: an exp2 a chain and iteration (x ← 2^(−x), which tends to 0.641); else two multiply-adds (x ← a x + b).
// Bindings  0 results [threads]; 1 control (iterations, 0, 0, 0); 2 (a, b, start, 0), so that nothing is known when compiling.
// Workgroup THREADS; each thread stands alone.
// Caller    bounds the iterations of a dispatch where the driver bounds loops.

import constants::THREADS;

@group(0) @binding(0) var<storage, read_write> results: array<vec4f>;
@group(0) @binding(1) var<uniform> control: vec4u;
@group(0) @binding(2) var<uniform> values: vec4f;

@compute @workgroup_size(THREADS)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let start = vec4f(values.z) + 1e-3 * f32(id.x % 64u);
  let a = vec4f(values.x);
  let b = vec4f(values.y);
  //! unroll k
  var x$k = start + 0.1 * $k.0;
  //! end
  for (var i = 0u; i < control.x; i++) {
    //! unroll k
    @if(exponentials) x$k = exp2(-x$k);
    @if(!exponentials) x$k = x$k * a + b;
    @if(!exponentials) x$k = x$k * a + b;
    //! end
  }
  var total = vec4f();
  //! unroll k
  total += x$k;
  //! end
  results[id.x] = total;
}
