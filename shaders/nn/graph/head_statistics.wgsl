// Statistics of one attention's pattern, means over the queries t >= 1 of a row.
//
// Computes  for every row and head (in this order, one number each): entropy -sum a log a; the same over log(t + 1); distance sum a (t - k); share of key 0; share of
//           key t - 1; share of earlier keys with the query's id; share of keys whose predecessor has the query's id; 0 for rows of one position.
// Bindings  1 pattern (batch.wgsl); 7 batch; 8 statistics [row][HEADS][8].
// Workgroup one head of one row; its threads take queries in turn.
// Order     within a query from the first key to the last, within a thread from the first query to the last, then as a tree (lib/reduce.wgsl).
// Caller    rows HEADS workgroups, counted row by row.
// Twin      headStatisticsOf of src/nn/graph/twin/statistics.ts.

import package::lib::reduce::group_sum4;
import package::nn::graph::batch::{id_of, pattern_place, row_count, row_start};
import constants::{HEADS, WORKGROUP_THREADS};

@group(0) @binding(1) var<storage, read> pattern: array<f32>;
@group(0) @binding(8) var<storage, read_write> statistics: array<vec4f>;

@compute @workgroup_size(WORKGROUP_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let number = group.y * groups.x + group.x;
  let row = min(number / HEADS, row_count() - 1u);
  let head = number % HEADS;
  let first = row_start(row);
  let length = row_start(row + 1u) - first;
  var spread = vec4f(); // entropy, its relative, distance, first
  var ids = vec4f(); // previous, duplicate, induction
  for (var t = 1u + local; t < length; t += WORKGROUP_THREADS) {
    let start = 4u * pattern_place(row, HEADS, head, t);
    let own = id_of(first + t);
    var entropy = 0.0;
    var distance = 0.0;
    var shares = vec4f(0.0, pattern[start + t - 1u], 0.0, 0.0);
    for (var k = 0u; k <= t; k++) {
      let a = pattern[start + k];
      if (a > 0.0) { entropy -= a * log(a); }
      distance += a * f32(t - k);
      if (k < t && id_of(first + k) == own) { shares.z += a; }
      if (k > 0u && id_of(first + k - 1u) == own) { shares.w += a; }
    }
    spread += vec4f(entropy, entropy / log(f32(t + 1u)), distance, pattern[start]);
    ids += vec4f(shares.y, shares.z, shares.w, 0.0);
  }
  let all = group_sum4(spread, local);
  let share = group_sum4(ids, local);
  let scale = select(0.0, 1.0 / f32(max(length, 2u) - 1u), length > 1u);
  if (local == 0u && number < row_count() * HEADS) {
    statistics[2u * number] = all * scale;
    statistics[2u * number + 1u] = share * scale;
  }
}
