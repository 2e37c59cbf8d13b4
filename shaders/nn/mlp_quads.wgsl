// The perceptron of nn/mlp.wgsl in f32 where a subgroup is four lanes and loads are dear: SwiftShader (bench/NOTES.md).
//
// Computes  the sums of nn/mlp.wgsl with condition pairs: four inputs at a time, (0 + 1) + (2 + 3), so the same bits.
// Bindings  those of nn/mlp.wgsl.
// Workgroup any number of whole subgroups; a thread has the four samples of one sample group.
// Memory    private: inputs, outputs, and two layers of activations [WIDTH], read by constant index only. Entry 4 r + s of a lane is row
//           4 r + (s ^ lane).
// Subgroup  lane l loads the weights of rows 4 r + l; after a swap by s it has those of row 4 r + (l ^ s), the row of its entry 4 r + s. Lanes add
//           the same four products in another order, which commutes. They are told apart by subgroup_invocation_id, whatever their local index.
// Unroll    a ceil(INPUTS / 4), b WIDTH / 4 times.
// Caller    sets `lane` first; everything else as in nn/mlp.wgsl.
// Twin      src/nn/mlp-twin.ts.

import package::nn::dual::phi;
import package::nn::mlp::{BIASES, OUTPUT_BIAS, OUTPUT_WEIGHTS, hidden, small};
import constants::{INPUTS, OUTPUTS, WIDTH, DEPTH};

/// subgroup_invocation_id.
var<private> lane: u32;
/// Rows beyond the last stay zero: they are multiplied by some weight, and add nothing.
var<private> inputs: array<vec4f, (INPUTS + 3u) / 4u * 4u>;
var<private> outputs: array<vec4f, OUTPUTS>;
var<private> layer_: array<vec4f, WIDTH>;
var<private> next: array<vec4f, WIDTH>;

fn set_input(row: u32, group: u32, value: vec4f) { inputs[row ^ lane] = value; }
fn output(row: u32, group: u32) -> vec4f { return outputs[row]; }

/// Threads share no samples.
fn meet() {}

/// Four neurons from n of the input layer, before their activation.
fn input_block(n: u32) -> array<vec4f, 4> {
  let bias = small[BIASES + n / 4u];
  //! unroll a
  let w$a = small[(min(4u * $au + lane, INPUTS - 1u) * WIDTH + n) / 4u];
  //! end
  var sum_x = vec4f(bias.x);
  //! unroll a
  sum_x += (w$a.x * inputs[4u * $au] + quadSwapX(w$a.x) * inputs[4u * $au + 1u])
    + (quadSwapY(w$a.x) * inputs[4u * $au + 2u] + quadSwapDiagonal(w$a.x) * inputs[4u * $au + 3u]);
  //! end
  var sum_y = vec4f(bias.y);
  //! unroll a
  sum_y += (w$a.y * inputs[4u * $au] + quadSwapX(w$a.y) * inputs[4u * $au + 1u])
    + (quadSwapY(w$a.y) * inputs[4u * $au + 2u] + quadSwapDiagonal(w$a.y) * inputs[4u * $au + 3u]);
  //! end
  var sum_z = vec4f(bias.z);
  //! unroll a
  sum_z += (w$a.z * inputs[4u * $au] + quadSwapX(w$a.z) * inputs[4u * $au + 1u])
    + (quadSwapY(w$a.z) * inputs[4u * $au + 2u] + quadSwapDiagonal(w$a.z) * inputs[4u * $au + 3u]);
  //! end
  var sum_w = vec4f(bias.w);
  //! unroll a
  sum_w += (w$a.w * inputs[4u * $au] + quadSwapX(w$a.w) * inputs[4u * $au + 1u])
    + (quadSwapY(w$a.w) * inputs[4u * $au + 2u] + quadSwapDiagonal(w$a.w) * inputs[4u * $au + 3u]);
  //! end
  return array<vec4f, 4>(sum_x, sum_y, sum_z, sum_w);
}

/// Four sums over the layer; a lane's weights begin at `at`, four rows of WIDTH apart.
fn hidden_block(at: u32, bias: vec4f) -> array<vec4f, 4> {
  //! unroll b
  let w$b = hidden[at + $bu * WIDTH];
  //! end
  var sum_x = vec4f(bias.x);
  //! unroll b
  sum_x += (w$b.x * layer_[4u * $bu] + quadSwapX(w$b.x) * layer_[4u * $bu + 1u])
    + (quadSwapY(w$b.x) * layer_[4u * $bu + 2u] + quadSwapDiagonal(w$b.x) * layer_[4u * $bu + 3u]);
  //! end
  var sum_y = vec4f(bias.y);
  //! unroll b
  sum_y += (w$b.y * layer_[4u * $bu] + quadSwapX(w$b.y) * layer_[4u * $bu + 1u])
    + (quadSwapY(w$b.y) * layer_[4u * $bu + 2u] + quadSwapDiagonal(w$b.y) * layer_[4u * $bu + 3u]);
  //! end
  var sum_z = vec4f(bias.z);
  //! unroll b
  sum_z += (w$b.z * layer_[4u * $bu] + quadSwapX(w$b.z) * layer_[4u * $bu + 1u])
    + (quadSwapY(w$b.z) * layer_[4u * $bu + 2u] + quadSwapDiagonal(w$b.z) * layer_[4u * $bu + 3u]);
  //! end
  var sum_w = vec4f(bias.w);
  //! unroll b
  sum_w += (w$b.w * layer_[4u * $bu] + quadSwapX(w$b.w) * layer_[4u * $bu + 1u])
    + (quadSwapY(w$b.w) * layer_[4u * $bu + 2u] + quadSwapDiagonal(w$b.w) * layer_[4u * $bu + 3u]);
  //! end
  return array<vec4f, 4>(sum_x, sum_y, sum_z, sum_w);
}

/// The same over the output layer, whose rows are OUTPUTS long.
fn output_block(at: u32, bias: vec4f) -> array<vec4f, 4> {
  //! unroll b
  let w$b = small[at + $bu * OUTPUTS];
  //! end
  var sum_x = vec4f(bias.x);
  //! unroll b
  sum_x += (w$b.x * layer_[4u * $bu] + quadSwapX(w$b.x) * layer_[4u * $bu + 1u])
    + (quadSwapY(w$b.x) * layer_[4u * $bu + 2u] + quadSwapDiagonal(w$b.x) * layer_[4u * $bu + 3u]);
  //! end
  var sum_y = vec4f(bias.y);
  //! unroll b
  sum_y += (w$b.y * layer_[4u * $bu] + quadSwapX(w$b.y) * layer_[4u * $bu + 1u])
    + (quadSwapY(w$b.y) * layer_[4u * $bu + 2u] + quadSwapDiagonal(w$b.y) * layer_[4u * $bu + 3u]);
  //! end
  var sum_z = vec4f(bias.z);
  //! unroll b
  sum_z += (w$b.z * layer_[4u * $bu] + quadSwapX(w$b.z) * layer_[4u * $bu + 1u])
    + (quadSwapY(w$b.z) * layer_[4u * $bu + 2u] + quadSwapDiagonal(w$b.z) * layer_[4u * $bu + 3u]);
  //! end
  var sum_w = vec4f(bias.w);
  //! unroll b
  sum_w += (w$b.w * layer_[4u * $bu] + quadSwapX(w$b.w) * layer_[4u * $bu + 1u])
    + (quadSwapY(w$b.w) * layer_[4u * $bu + 2u] + quadSwapDiagonal(w$b.w) * layer_[4u * $bu + 3u]);
  //! end
  return array<vec4f, 4>(sum_x, sum_y, sum_z, sum_w);
}

/// Activations of four neurons from n.
fn keep_block(n: u32, z: array<vec4f, 4>) {
  next[n + lane] = phi(z[0]);
  next[n + (1u ^ lane)] = phi(z[1]);
  next[n + (2u ^ lane)] = phi(z[2]);
  next[n + (3u ^ lane)] = phi(z[3]);
}

/// The network for the four samples of the thread.
fn mlp(local: u32) {
  for (var n = 0u; n < WIDTH; n += 4u) { keep_block(n, input_block(n)); }
  //! unroll b
  layer_[4u * $bu] = next[4u * $bu]; layer_[4u * $bu + 1u] = next[4u * $bu + 1u];
  layer_[4u * $bu + 2u] = next[4u * $bu + 2u]; layer_[4u * $bu + 3u] = next[4u * $bu + 3u];
  //! end
  for (var l = 1u; l < DEPTH; l++) {
    for (var n = 0u; n < WIDTH; n += 4u) {
      keep_block(n, hidden_block((((l - 1u) * WIDTH + lane) * WIDTH + n) / 4u, small[BIASES + (l * WIDTH + n) / 4u]));
    }
    //! unroll b
    layer_[4u * $bu] += next[4u * $bu]; layer_[4u * $bu + 1u] += next[4u * $bu + 1u];
    layer_[4u * $bu + 2u] += next[4u * $bu + 2u]; layer_[4u * $bu + 3u] += next[4u * $bu + 3u];
    //! end
  }
  for (var n = 0u; n < OUTPUTS; n += 4u) {
    let y = output_block(OUTPUT_WEIGHTS + (lane * OUTPUTS + n) / 4u, small[OUTPUT_BIAS + n / 4u]);
    outputs[n] = y[0];
    outputs[n + 1u] = y[1];
    outputs[n + 2u] = y[2];
    outputs[n + 3u] = y[3];
  }
}
