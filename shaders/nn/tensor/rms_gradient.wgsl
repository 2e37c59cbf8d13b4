// Slopes by the weights of an RMS norm, in parts over the rows.
//
// Computes  part s of dw[k] = sum over its rows of dh[r][k] x[r][k] r. Part s has the rows [s RUN, (s + 1) RUN).
// Bindings  0 dh, 1 x [ROWS][4 WIDTH4]; 2 inverses (r) [ROWS]; 3 parts [SPLITS][WIDTH4]; 4 place: where parts begin, in vec4f. With one part that is the
//           gradient itself.
// Thread    four columns, one part.
// Order     over the rows of a part from the first to the last; sum_parts.wgsl adds the parts in theirs.
// Caller    one thread each of WIDTH4 SPLITS, workgroups counted row by row.
// Twin      rmsNormBackward of src/nn/tensor/rms-twin.ts.

import constants::{ROWS, WIDTH4, SPLITS, ROW_THREADS};

@group(0) @binding(0) var<storage, read> dh: array<vec4f>;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> inverses: array<f32>;
@group(0) @binding(3) var<storage, read_write> parts: array<vec4f>;
@group(0) @binding(4) var<uniform> place: vec4u;

const RUN = (ROWS + SPLITS - 1u) / SPLITS;

@compute @workgroup_size(ROW_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * ROW_THREADS + local;
  if (index >= WIDTH4 * SPLITS) { return; }
  let j = index % WIDTH4;
  let part = index / WIDTH4;
  var sum = vec4f();
  for (var row = part * RUN; row < min(ROWS, (part + 1u) * RUN); row++) {
    sum += dh[row * WIDTH4 + j] * (x[row * WIDTH4 + j] * inverses[row]);
  }
  parts[place.x + index] = sum;
}
