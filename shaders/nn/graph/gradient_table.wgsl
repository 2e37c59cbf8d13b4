// Gradient by a table of embeddings: of every row of the batch the sum over the positions that read an entry, added row after row. No atomics.
//
// Computes  G[id][n] + sum over rows of (sum over the row's positions t with this id of de[t][n]), condition square: the squares of these sums; positions: entry p
//           is read by position p of every row.
// Bindings  0 de [tokens][4 V4]; 3 G (into.wgsl); 7 batch.
// Thread    four numbers of an entry that is read.
// Order     over the positions of a row from the first to the last; over the rows in theirs.
// Caller    one thread each of different ids (positions: longest row) V4, workgroups counted row by row.
// Twin      embedGradient of src/nn/graph/twin.

import package::nn::graph::batch::{entry_count, entry_id, entry_start, entry_token, longest, row_count, row_of, row_start};
import package::nn::graph::into::{into_at, put_into, with_row};
import constants::{V4, THREADS};

@group(0) @binding(0) var<storage, read> de: array<vec4f>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * THREADS + local;
  let entry = index / V4;
  let n = index % V4;
  @if(positions) {
    if (entry >= longest()) { return; }
    var held = into_at(entry, n);
    for (var row = 0u; row < row_count(); row++) {
      let token = row_start(row) + entry;
      if (token < row_start(row + 1u)) { held = with_row(held, de[token * V4 + n]); }
    }
    put_into(entry, n, held);
  }
  @if(!positions) {
    if (entry >= entry_count()) { return; }
    let id = entry_id(entry);
    var held = into_at(id, n);
    let end = entry_start(entry + 1u);
    var j = entry_start(entry);
    while (j < end) {
      let row = row_of(entry_token(j));
      var sum = vec4f();
      while (j < end) {
        let token = entry_token(j);
        if (row_of(token) != row) { break; }
        sum += de[token * V4 + n];
        j++;
      }
      held = with_row(held, sum);
    }
    put_into(id, n, held);
  }
}
