// Gradients of all weights and biases of the residual perceptron from the trace of a batch.
//
// Computes  dW[k][n] = sum over the batch of x_k dz_n, db[n] = sum of dz_n; x the inputs of the layer, dz the slopes by its sums.
// Bindings  4 trace; 5 gradient, in the order of the parameters: hidden matrices, W0, biases, W_out, b_out (src/nn/mlp.ts).
// Workgroup COLUMN_BLOCKS threads, each four columns n; grid: x row blocks of four rows k (the last block of a layer is its bias), y layers:
//           0 … DEPTH - 1, then the output layer; z blocks of COLUMN_BLOCKS columns.
// Order     over the batch from the first to the last.
// Caller    dispatches ceil(max(WIDTH, INPUTS) / 4) + 1 row blocks.
// Twin      mlpBackward of src/nn/mlp-twin.ts.

import package::nn::trace::{H_ROWS, OUTPUT_ROWS, SLOPE_ROWS, trace};
import constants::{INPUTS, OUTPUTS, WIDTH, DEPTH, BATCH_GROUPS, COLUMN_BLOCKS};

@group(0) @binding(5) var<storage, read_write> gradient: array<vec4f>;

/// Places in the flat array, in numbers.
const HIDDEN = (DEPTH - 1u) * WIDTH * WIDTH;
const BIASES_AT = HIDDEN + INPUTS * WIDTH;
const OUTPUT_AT = BIASES_AT + DEPTH * WIDTH;

fn total(v: vec4f) -> f32 {
  return (v.x + v.y) + (v.z + v.w);
}

@compute @workgroup_size(COLUMN_BLOCKS)
fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_index) local: u32) {
  let layer = block.y;
  let is_output = layer == DEPTH;
  let rows = select(WIDTH, INPUTS, layer == 0u);
  let columns = select(WIDTH, OUTPUTS, is_output);
  let n = 4u * (block.z * COLUMN_BLOCKS + local);
  let k = 4u * block.x;
  let row_blocks = (rows + 3u) / 4u;
  if (n >= columns || block.x > row_blocks) { return; }
  let slope_row = select(SLOPE_ROWS + layer * WIDTH, OUTPUT_ROWS, is_output) + n;
  let slopes = slope_row * BATCH_GROUPS;
  if (block.x == row_blocks) {
    var b0 = vec4f(); var b1 = vec4f(); var b2 = vec4f(); var b3 = vec4f();
    for (var s = 0u; s < BATCH_GROUPS; s++) {
      b0 += trace[slopes + s];
      b1 += trace[slopes + BATCH_GROUPS + s];
      b2 += trace[slopes + 2u * BATCH_GROUPS + s];
      b3 += trace[slopes + 3u * BATCH_GROUPS + s];
    }
    let bias = select(BIASES_AT + layer * WIDTH, OUTPUT_AT + WIDTH * OUTPUTS, is_output) + n;
    gradient[bias / 4u] = vec4f(total(b0), total(b1), total(b2), total(b3));
    return;
  }
  let input_row = select(H_ROWS + (layer - 1u) * WIDTH, 0u, layer == 0u);
  // Rows beyond the last are read twice and not written.
  let x0 = (input_row + k) * BATCH_GROUPS;
  let x1 = (input_row + min(k + 1u, rows - 1u)) * BATCH_GROUPS;
  let x2 = (input_row + min(k + 2u, rows - 1u)) * BATCH_GROUPS;
  let x3 = (input_row + min(k + 3u, rows - 1u)) * BATCH_GROUPS;
  //! unroll j
  var c0$j = vec4f(); var c1$j = vec4f(); var c2$j = vec4f(); var c3$j = vec4f();
  //! end
  for (var s = 0u; s < BATCH_GROUPS; s++) {
    let a0 = trace[x0 + s]; let a1 = trace[x1 + s]; let a2 = trace[x2 + s]; let a3 = trace[x3 + s];
    //! unroll j
    let d$j = trace[slopes + $ju * BATCH_GROUPS + s];
    c0$j += a0 * d$j; c1$j += a1 * d$j; c2$j += a2 * d$j; c3$j += a3 * d$j;
    //! end
  }
  let weights = select(select((layer - 1u) * WIDTH * WIDTH, HIDDEN, layer == 0u), OUTPUT_AT, is_output);
  let at = (weights + k * columns + n) / 4u;
  gradient[at] = vec4f(total(c00), total(c01), total(c02), total(c03));
  if (k + 1u < rows) { gradient[at + columns / 4u] = vec4f(total(c10), total(c11), total(c12), total(c13)); }
  if (k + 2u < rows) { gradient[at + columns / 2u] = vec4f(total(c20), total(c21), total(c22), total(c23)); }
  if (k + 3u < rows) { gradient[at + 3u * columns / 4u] = vec4f(total(c30), total(c31), total(c32), total(c33)); }
}
