// A value's rows as sums over positions need them: less a mean, and behind them 1 and their squared norm.
//
// Computes  out[p] = (x - mean, 1, |x - mean|^2): the products of two such rows, summed over positions, hold every sum that debiased CKA is exact from.
// Bindings  1 x [position][WIDTH filled to fours]; 2 mean [WIDTH filled], from number MEAN_SKIP on; 7 batch; 8 out [position][WIDTH + 2 filled to fours].
// Thread    one position.
// Order     from the first number to the last, four sums side by side.
// Caller    one thread a position, workgroups counted row by row.
// Twin      MomentSums of src/nn/graph/twin/moments.ts.

import package::nn::graph::batch::token_count;
import constants::{WIDTH, MEAN_SKIP, THREADS};

@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> means: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> out: array<vec4f>;

const WIDTH4 = (WIDTH + 3u) / 4u;
const OUT4 = (WIDTH + 5u) / 4u;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let position = (group.y * groups.x + group.x) * THREADS + local;
  if (position >= token_count()) { return; }
  var squares = vec4f();
  for (var i = 0u; i < WIDTH4; i++) {
    let value = x[position * WIDTH4 + i] - means[MEAN_SKIP / 4u + i];
    squares += value * value;
    out[position * OUT4 + i] = value;
  }
  var last = vec4f();
  if (WIDTH % 4u != 0u) { last = out[position * OUT4 + WIDTH / 4u]; }
  let square = dot(squares, vec4f(1.0));
  for (var i = WIDTH / 4u * 4u; i < 4u * OUT4; i += 4u) {
    let at = vec4u(i, i + 1u, i + 2u, i + 3u);
    let kept = select(vec4f(), last, at < vec4u(WIDTH));
    out[position * OUT4 + i / 4u] = select(select(kept, vec4f(1.0), at == vec4u(WIDTH)), vec4f(square), at == vec4u(WIDTH + 1u));
    last = vec4f();
  }
}
