// A value read through the last norm and the unembedding, at every position with a next token.
//
// Computes  from the parts of lens.wgsl: rank 1 + sum [l_v > l_next]; log p_next = l_next - log sum exp l; entropy log sum exp l - sum p l; divergence from the model,
//           sum q (log q - log p), q = softmax m. 0 where there is no next token.
// Bindings  1 parts [position][RUNS][2 vectors]; 7 batch; 8 statistics [position].
// Thread    one position.
// Order     runs from the first to the last.
// Caller    one thread a position, workgroups counted row by row.
// Twin      lensOf of src/nn/graph/twin/statistics.ts.

import package::nn::graph::batch::{row_of, row_start, token_count};
import package::nn::graph::lens_sums::{NOTHING, Sums, raised};
import constants::{RUNS, THREADS};

@group(0) @binding(1) var<storage, read> parts: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> statistics: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let position = (group.y * groups.x + group.x) * THREADS + local;
  if (position >= token_count()) { return; }
  if (position + 1u >= row_start(row_of(position) + 1u)) {
    statistics[position] = vec4f();
    return;
  }
  let first = 2u * position * RUNS;
  var top = vec2f(NOTHING);
  for (var run = 0u; run < RUNS; run++) { top = max(top, parts[first + 2u * run].xy); }
  var sums = vec4f();
  var above = 0.0;
  for (var run = 0u; run < RUNS; run++) {
    let part = parts[first + 2u * run];
    sums += raised(Sums(part.xy, parts[first + 2u * run + 1u]), top);
    above += part.z;
  }
  let log_sum = log(sums.x);
  statistics[position] = vec4f(
    1.0 + above,
    parts[first].w - top.x - log_sum,
    log_sum - sums.y / sums.x,
    sums.w / sums.z - log(sums.z) + log_sum,
  );
}
