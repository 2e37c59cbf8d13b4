// Derivatives of the adjoints of attention's scores along a direction.
//
// Computes  a^_ij = o^_i v_j, a^'_ij = o^'_i v_j + o^_i v'_j (o^ the adjoint of the outputs, o^' its derivative);
//           s^' = a' (a^ - <a, a^>) + a (a^' - <a', a^> - <a, a^'>), j <= i.
// Bindings  1 a, 2 a' patterns (batch.wgsl); 3 v, 4 v' [position][V_STRIDE] from V_FROM on; 5 o^, 6 o^' [position][O_STRIDE]; 7 batch; 8 s^' as a.
// Widths    strides, places and HEAD in Lanes (lane.wgsl). HEADS query heads, GROUP of them read a value head.
// Thread    one query of one head (unrolled h HEAD times).
// Order     keys from the first to the query itself.
// Caller    positions HEADS threads, workgroups counted row by row.
// Twin      attentionBackward of src/nn/graph/twin/attention.ts.

import package::nn::graph::batch::{pattern_place, position_of, row_of, row_start, token_count};
import package::nn::graph::lane::{Lane, inner};
import constants::{HEADS, GROUP, HEAD, V_STRIDE, V_FROM, O_STRIDE, THREADS};

@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> da: array<f32>;
@group(0) @binding(3) var<storage, read> v: array<Lane>;
@group(0) @binding(4) var<storage, read> dv: array<Lane>;
@group(0) @binding(5) var<storage, read> adjoint: array<Lane>;
@group(0) @binding(6) var<storage, read> dadjoint: array<Lane>;
@group(0) @binding(8) var<storage, read_write> scores: array<f32>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let number = (group.y * groups.x + group.x) * THREADS + local;
  // Threads beside each other read the same keys.
  let token = number % token_count();
  let head = number / token_count();
  if (head >= HEADS) { return; }
  let row = row_of(token);
  let i = position_of(token);
  let start = 4u * pattern_place(row, HEADS, head, i);
  let output = token * O_STRIDE + head * HEAD;
  let first = row_start(row) * V_STRIDE + V_FROM + head / GROUP * HEAD;
  //! unroll h
  let o$h = adjoint[output + $hu];
  let do$h = dadjoint[output + $hu];
  //! end
  var value = first;
  var mean = 0.0;
  var dmean = 0.0;
  for (var j = 0u; j <= i; j++) {
    var by = 0.0;
    var dby = 0.0;
    //! unroll h
    let v$h = v[value + $hu];
    by += inner(o$h, v$h);
    dby += inner(do$h, v$h) + inner(o$h, dv[value + $hu]);
    //! end
    // What both means are sums of, and what they are taken from.
    let along = da[start + j] * by + a[start + j] * dby;
    mean += a[start + j] * by;
    dmean += along;
    scores[start + j] = along;
    value += V_STRIDE;
  }
  for (var j = 0u; j <= i; j++) { scores[start + j] -= da[start + j] * mean + a[start + j] * dmean; }
}
