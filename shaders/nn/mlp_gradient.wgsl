// Gradients of all weights and biases of the residual perceptron from the trace of a batch.
//
// Computes  dW[k][n] = sum over the batch of x_k dz_n, db[n] = sum of dz_n; x the inputs of the layer, dz the slopes by its sums.
// Bindings  4 trace; 5 gradient, in the order of the parameters: hidden matrices, W0, biases, W_out, b_out (src/nn/mlp.ts).
// Workgroup GRADIENT_THREADS threads, a block of GRADIENT_EDGE x GRADIENT_EDGE weights each; blocks of the hidden matrices come first, then those of W0
//           and W_out. The last workgroups sum biases, GRADIENT_EDGE columns a thread.
// Thread    a large block reads little for every product, which is what costs on a software adapter; small ones give a GPU more threads.
// Order     over the batch from the first sample to the last, whatever the block.
// Caller    dispatches gradientGroups() of src/nn/mlp-kernel.ts, counted row by row through a 2-D grid; unrolls r GRADIENT_EDGE times, q a quarter as often.
// Twin      mlpBackward of src/nn/mlp-twin.ts.

import package::nn::trace::{H_ROWS, OUTPUT_ROWS, SLOPE_ROWS, TRACE_ROWS, trace};
import constants::{INPUTS, OUTPUTS, WIDTH, DEPTH, BATCH_GROUPS, GRADIENT_EDGE, GRADIENT_THREADS};

@group(0) @binding(5) var<storage, read_write> gradient: array<vec4f>;

/// Places in the flat array, in numbers.
const HIDDEN = (DEPTH - 1u) * WIDTH * WIDTH;
const BIASES_AT = HIDDEN + INPUTS * WIDTH;
const OUTPUT_AT = BIASES_AT + DEPTH * WIDTH;

/// Blocks along the units, the inputs and the outputs; of all matrices.
const WIDTH_BLOCKS = (WIDTH + GRADIENT_EDGE - 1u) / GRADIENT_EDGE;
const INPUT_BLOCKS = (INPUTS + GRADIENT_EDGE - 1u) / GRADIENT_EDGE;
const OUTPUT_BLOCKS = (OUTPUTS + GRADIENT_EDGE - 1u) / GRADIENT_EDGE;
const HIDDEN_BLOCKS = (DEPTH - 1u) * WIDTH_BLOCKS * WIDTH_BLOCKS;
const MATRIX_BLOCKS = HIDDEN_BLOCKS + (INPUT_BLOCKS + OUTPUT_BLOCKS) * WIDTH_BLOCKS;
const MATRIX_GROUPS = (MATRIX_BLOCKS + GRADIENT_THREADS - 1u) / GRADIENT_THREADS;

fn slope_row(layer: u32) -> u32 {
  return select(SLOPE_ROWS + layer * WIDTH, OUTPUT_ROWS, layer == DEPTH);
}

/// Gradients of a block of weights. What reaches beyond a matrix repeats its last row or column and is not written.
fn of_weights(block: u32) {
  var layer = 1u + block / (WIDTH_BLOCKS * WIDTH_BLOCKS);
  var tile = block % (WIDTH_BLOCKS * WIDTH_BLOCKS);
  if (block >= HIDDEN_BLOCKS) {
    let is_input = block < HIDDEN_BLOCKS + INPUT_BLOCKS * WIDTH_BLOCKS;
    layer = select(DEPTH, 0u, is_input);
    tile = block - HIDDEN_BLOCKS - select(INPUT_BLOCKS * WIDTH_BLOCKS, 0u, is_input);
  }
  let rows = select(WIDTH, INPUTS, layer == 0u);
  let columns = select(WIDTH, OUTPUTS, layer == DEPTH);
  let across = select(WIDTH_BLOCKS, OUTPUT_BLOCKS, layer == DEPTH);
  let k = GRADIENT_EDGE * (tile / across);
  let n = GRADIENT_EDGE * (tile % across);
  let x = select(H_ROWS + (layer - 1u) * WIDTH, 0u, layer == 0u);
  let slopes = slope_row(layer);
  //! unroll r
  let x$r = x + min(k + $ru, rows - 1u);
  //! end
  //! unroll q
  let y$q = slopes + min(n + 4u * $qu, columns - 4u);
  //! end
  //! unroll r
  //! unroll q
  var c$r_$q = vec4f();
  //! end
  //! end
  for (var s = 0u; s < BATCH_GROUPS; s++) {
    let at = s * TRACE_ROWS;
    //! unroll q
    let d0$q = trace[at + y$q]; let d1$q = trace[at + y$q + 1u]; let d2$q = trace[at + y$q + 2u]; let d3$q = trace[at + y$q + 3u];
    let dx$q = vec4f(d0$q.x, d1$q.x, d2$q.x, d3$q.x);
    let dy$q = vec4f(d0$q.y, d1$q.y, d2$q.y, d3$q.y);
    let dz$q = vec4f(d0$q.z, d1$q.z, d2$q.z, d3$q.z);
    let dw$q = vec4f(d0$q.w, d1$q.w, d2$q.w, d3$q.w);
    //! end
    //! unroll r
    let a$r = trace[at + x$r];
    //! unroll q
    c$r_$q = c$r_$q + a$r.x * dx$q + a$r.y * dy$q + a$r.z * dz$q + a$r.w * dw$q;
    //! end
    //! end
  }
  let weights = select(select((layer - 1u) * WIDTH * WIDTH, HIDDEN, layer == 0u), OUTPUT_AT, layer == DEPTH);
  //! unroll r
  //! unroll q
  if (k + $ru < rows && n + 4u * $qu < columns) { gradient[(weights + (k + $ru) * columns + n) / 4u + $qu] = c$r_$q; }
  //! end
  //! end
}

/// Gradients of GRADIENT_EDGE biases of a layer.
fn of_biases(block: u32) {
  let layer = min(block / WIDTH_BLOCKS, DEPTH);
  let n = GRADIENT_EDGE * (block - layer * WIDTH_BLOCKS);
  let columns = select(WIDTH, OUTPUTS, layer == DEPTH);
  let slopes = slope_row(layer);
  let biases = select(BIASES_AT + layer * WIDTH, OUTPUT_AT + WIDTH * OUTPUTS, layer == DEPTH);
  for (var j = n; j < min(n + GRADIENT_EDGE, columns); j += 4u) {
    var sum = vec4f();
    for (var s = 0u; s < BATCH_GROUPS; s++) {
      let at = s * TRACE_ROWS + slopes + j;
      let d0 = trace[at]; let d1 = trace[at + 1u]; let d2 = trace[at + 2u]; let d3 = trace[at + 3u];
      sum = sum + vec4f(d0.x, d1.x, d2.x, d3.x) + vec4f(d0.y, d1.y, d2.y, d3.y) + vec4f(d0.z, d1.z, d2.z, d3.z) + vec4f(d0.w, d1.w, d2.w, d3.w);
    }
    gradient[(biases + j) / 4u] = sum;
  }
}

@compute @workgroup_size(GRADIENT_THREADS)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let group = id.y * groups.x + id.x;
  if (group < MATRIX_GROUPS) {
    let block = group * GRADIENT_THREADS + local;
    if (block < MATRIX_BLOCKS) { of_weights(block); }
  } else {
    let block = (group - MATRIX_GROUPS) * GRADIENT_THREADS + local;
    if (block < DEPTH * WIDTH_BLOCKS + OUTPUT_BLOCKS) { of_biases(block); }
  }
}
