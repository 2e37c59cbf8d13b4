// Slopes by the rows of a table that rows of activations were taken from.
//
// Computes  part s of dT[v] = sum of dy[r] over its rows with index[r] = v; condition positions: over all rows with r mod GENES = v, in one part. Part s has
//           the rows [s RUN, (s + 1) RUN).
// Bindings  0 index [ROWS]; 1 dy [ROWS][4 WIDTH4]; 2 parts [SPLITS][ENTRIES][WIDTH4]; 3 place: where parts begin, in vec4f. With one part that is the
//           gradient itself.
// Thread    four numbers of an entry of the table, one part; condition scattered: of all its entries, so that rows are gone through once a part, not once an
//           entry. No atomics.
// Order     over the rows from the first to the last; sum_parts.wgsl adds the parts in theirs.
// Caller    one thread each of ENTRIES WIDTH4 SPLITS, scattered of WIDTH4 SPLITS, workgroups counted row by row.
// Twin      rows of src/nn/score-network/twin-backward.ts.

import constants::{ROWS, ENTRIES, WIDTH4, GENES, SPLITS, ROW_THREADS};

@if(!positions) @group(0) @binding(0) var<storage, read> index: array<u32>;
@group(0) @binding(1) var<storage, read> dy: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> parts: array<vec4f>;
@group(0) @binding(3) var<uniform> place: vec4u;

const RUN = (ROWS + SPLITS - 1u) / SPLITS;

@compute @workgroup_size(ROW_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let at = (group.y * groups.x + group.x) * ROW_THREADS + local;
  let j = at % WIDTH4;
  @if(scattered) {
    if (at >= WIDTH4 * SPLITS) { return; }
    let part = at / WIDTH4;
    let first = place.x + part * ENTRIES * WIDTH4 + j;
    for (var entry = 0u; entry < ENTRIES; entry++) { parts[first + entry * WIDTH4] = vec4f(); }
    for (var row = part * RUN; row < min(ROWS, (part + 1u) * RUN); row++) {
      parts[first + index[row] * WIDTH4] += dy[row * WIDTH4 + j];
    }
  }
  @if(!scattered) {
    if (at >= ENTRIES * WIDTH4 * SPLITS) { return; }
    let entry = (at / WIDTH4) % ENTRIES;
    var sum = vec4f();
    @if(positions) {
      for (var row = entry; row < ROWS; row += GENES) { sum += dy[row * WIDTH4 + j]; }
    }
    @if(!positions) {
      let part = at / (WIDTH4 * ENTRIES);
      for (var row = part * RUN; row < min(ROWS, (part + 1u) * RUN); row++) {
        if (index[row] == entry) { sum += dy[row * WIDTH4 + j]; }
      }
    }
    parts[place.x + at] = sum;
  }
}
