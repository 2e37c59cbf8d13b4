// Probabilities of causal attention along a direction.
//
// Computes  s'_ij = (q'_i k_j + q_i k'_j) SCALE; a'_ij = a_ij (s'_ij - sum over j of a_ij s'_ij), j <= i.
// Bindings  1 q, 2 q' [position][Q_STRIDE] from Q_FROM on; 3 k, 4 k' [position][K_STRIDE] from K_FROM on; 5 a, 6 a' patterns (batch.wgsl); 7 batch.
// Widths    strides, places and HEAD in Lanes (lane.wgsl). HEADS query heads, GROUP of them read a key head.
// Thread    one query of one head (unrolled h HEAD times).
// Order     keys from the first to the query itself.
// Caller    positions HEADS threads, workgroups counted row by row.
// Twin      attentionTangent of src/nn/graph/twin/attention.ts.

import package::nn::graph::batch::{pattern_place, position_of, row_of, row_start, token_count};
import package::nn::graph::lane::{Lane, inner};
import constants::{HEADS, GROUP, HEAD, Q_STRIDE, Q_FROM, K_STRIDE, K_FROM, SCALE, THREADS};

@group(0) @binding(1) var<storage, read> q: array<Lane>;
@group(0) @binding(2) var<storage, read> dq: array<Lane>;
@group(0) @binding(3) var<storage, read> k: array<Lane>;
@group(0) @binding(4) var<storage, read> dk: array<Lane>;
@group(0) @binding(5) var<storage, read> a: array<f32>;
@group(0) @binding(6) var<storage, read_write> da: array<f32>;

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
  let query = token * Q_STRIDE + Q_FROM + head * HEAD;
  var key = row_start(row) * K_STRIDE + K_FROM + head / GROUP * HEAD;
  //! unroll h
  let q$h = q[query + $hu];
  let dq$h = dq[query + $hu];
  //! end
  var mean = 0.0;
  for (var j = 0u; j <= i; j++) {
    var sum = 0.0;
    //! unroll h
    sum += inner(dq$h, k[key + $hu]) + inner(q$h, dk[key + $hu]);
    //! end
    sum *= SCALE;
    da[start + j] = sum;
    mean += a[start + j] * sum;
    key += K_STRIDE;
  }
  for (var j = 0u; j <= i; j++) { da[start + j] = a[start + j] * (da[start + j] - mean); }
}
