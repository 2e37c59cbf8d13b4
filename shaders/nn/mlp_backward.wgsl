// The backward pass of the residual perceptron for the samples of a workgroup: slopes of the loss by every layer's sums.
//
// Computes  dh = W_out dy; for l from the last: dz_l = dh phi'(z_l), dh += W_l dz_l. The sums over the batch that make gradients of the weights
//           come after it (nn/mlp_gradient.wgsl).
// Bindings  those of nn/mlp.wgsl and nn/trace.wgsl; hidden holds the transposed matrices behind the matrices.
// Workgroup as nn/mlp.wgsl.
// Caller    has called mlp(), then set_output() with the slopes of the loss and meet(); uniform control flow.
// Twin      mlpBackward of src/nn/mlp-twin.ts.

import package::nn::activation::activation_slope;
import package::nn::mlp::{BLOCK, BUFFER, HALF_MAX, LAST, NEURONS, OUTPUT_WEIGHTS, block_group, block_neuron, load, matrix_block, meet, neuron_group, output, place, sample_group, small, store};
import package::nn::trace::{SLOPE_ROWS, Z_ROWS, trace, trace_at};
import constants::{OUTPUTS, WIDTH, DEPTH, SAMPLE_GROUPS, NEURON_GROUPS, BLOCK_NEURONS};

/// Halves end at 65504, and storing holds a slope there. What has come that far is lost: the trace says so with a number whose square
/// is infinite, so that the step is left out and the loss scale falls.
fn marked(slope: vec4f) -> vec4f {
  @if(half || half_storage) return select(slope, vec4f(3e38), abs(slope) >= vec4f(HALF_MAX));
  @if(!half && !half_storage) return slope;
}

fn mlp_backward(local: u32) {
  let group = sample_group(local);
  // Unit by unit a thread stays with its own sample group; layers are multiplied in blocks.
  let first = neuron_group(local) * (WIDTH / NEURON_GROUPS);
  let last = first + WIDTH / NEURON_GROUPS;
  let block = block_group(local);
  // Slopes by h lie where the last activations were, slopes by z in the other buffer.
  let by_z = BUFFER - LAST;
  for (var k = first; k < last; k++) {
    var sum = vec4f();
    for (var n = 0u; n < OUTPUTS; n += 4u) {
      let w = small[OUTPUT_WEIGHTS + (k * OUTPUTS + n) / 4u];
      sum += w.x * output(n, group) + w.y * output(n + 1u, group) + w.z * output(n + 2u, group) + w.w * output(n + 3u, group);
    }
    store(LAST + k * SAMPLE_GROUPS + group, sum);
  }
  meet();
  for (var layer = DEPTH - 1u; layer > 0u; layer--) {
    for (var n = first; n < last; n++) {
      let z = trace[trace_at(Z_ROWS + layer * WIDTH + n, group)];
      let by_h = marked(load(LAST + n * SAMPLE_GROUPS + group));
      let slope = by_h * activation_slope(z);
      store(by_z + n * SAMPLE_GROUPS + group, slope);
      trace[trace_at(SLOPE_ROWS + layer * WIDTH + n, group)] = marked(slope);
    }
    meet();
    for (var k = block_neuron(local); k < block_neuron(local) + NEURONS; k += BLOCK_NEURONS) {
      let matrix = ((DEPTH - 1u + layer - 1u) * WIDTH * WIDTH + k) / 4u;
      var sums = matrix_block(matrix, by_z, block, 0u, false);
      for (var i = 0u; i < BLOCK; i++) {
        let at = LAST + place(i, k, block);
        store(at, load(at) + sums[i]);
      }
    }
    meet();
  }
  for (var n = first; n < last; n++) {
    let z = trace[trace_at(Z_ROWS + n, group)];
    trace[trace_at(SLOPE_ROWS + n, group)] = marked(load(LAST + n * SAMPLE_GROUPS + group)) * activation_slope(z);
  }
}
