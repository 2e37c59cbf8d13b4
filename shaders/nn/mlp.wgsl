// A residual perceptron for the samples of a workgroup, all layers without leaving it.
//
// Computes  h0 = phi(x W0 + b0), h_l = h_(l-1) + phi(h_(l-1) W_l + b_l), y = h W_out + b_out     src/nn/mlp.ts
// Bindings  0 hidden [DEPTH - 1][WIDTH in][WIDTH out] (for training the transposed matrices after them), 1 small: W0 [INPUTS][WIDTH], biases [DEPTH][WIDTH], W_out [WIDTH][OUTPUTS], b_out [OUTPUTS];
//           OUTPUTS padded to a multiple of 4.
// Workgroup NEURON_GROUPS x SAMPLE_GROUPS threads; 4 SAMPLE_GROUPS samples.
// Thread    four samples (a vec4f) and WIDTH / NEURON_GROUPS neurons of every layer, eight at a time.
// Memory    two buffers of activations [WIDTH][SAMPLE_GROUPS], 16 B an entry in f32 and 8 B in half precision.
// Dual      condition dual: a vec4f is one sample and three directions (nn/dual.wgsl); the caller seeds them through set_input.
// Precision condition half_storage: hidden matrices and activations as pairs of halves, f32 arithmetic. half: type f16, products of four
//           inputs summed in f16, everything else in f32. Inputs, biases, output layer and sums are f32 always.
// Order     sums over inputs go from the first to the last, so bits depend neither on SAMPLE_GROUPS nor on NEURON_GROUPS.
// Caller    writes inputs with set_input, calls mlp() from uniform control flow, reads outputs with output(); all for its own samples.
// Twin      src/nn/mlp-twin.ts.

import package::nn::dual::{fixed, phi};
@if(keep_trace) import package::nn::trace::keep;
import constants::{INPUTS, OUTPUTS, WIDTH, DEPTH, SAMPLE_GROUPS, NEURON_GROUPS, ENDS};

@if(half) @group(0) @binding(0) var<storage, read> hidden: array<vec4<f16>>;
@if(half_storage) @group(0) @binding(0) var<storage, read> hidden: array<vec2u>;
@if(!half && !half_storage) @group(0) @binding(0) var<storage, read> hidden: array<vec4f>;
@group(0) @binding(1) var<storage, read> small: array<vec4f>;

const BUFFER = WIDTH * SAMPLE_GROUPS;
/// Places of the small tensors, in vec4f.
const BIASES = INPUTS * WIDTH / 4u;
const OUTPUT_WEIGHTS = BIASES + DEPTH * WIDTH / 4u;
const OUTPUT_BIAS = OUTPUT_WEIGHTS + WIDTH * OUTPUTS / 4u;
const NEURONS = WIDTH / NEURON_GROUPS;

@if(half) var<workgroup> activations: array<vec4<f16>, 2u * BUFFER>;
@if(half_storage) var<workgroup> activations: array<vec2u, 2u * BUFFER>;
// In f32 inputs and outputs lie in the buffer that is free at the time; there may be more inputs than neurons, not more outputs.
@if(!half && !half_storage) var<workgroup> activations: array<vec4f, BUFFER + max(WIDTH, ENDS) * SAMPLE_GROUPS>;
@if(half || half_storage) var<workgroup> ends: array<vec4f, ENDS * SAMPLE_GROUPS>;

/// The largest finite half.
const HALF_MAX = 65504.0;

fn load(at: u32) -> vec4f {
  @if(half) return vec4f(activations[at]);
  @if(half_storage) return vec4f(unpack2x16float(activations[at].x), unpack2x16float(activations[at].y));
  @if(!half && !half_storage) return activations[at];
}

fn store(at: u32, value: vec4f) {
  @if(half || half_storage) let bounded = clamp(value, vec4f(-HALF_MAX), vec4f(HALF_MAX));
  @if(half) activations[at] = vec4<f16>(bounded);
  @if(half_storage) activations[at] = vec2u(pack2x16float(bounded.xy), pack2x16float(bounded.zw));
  @if(!half && !half_storage) activations[at] = value;
}

@if(half_storage) fn weight(at: u32) -> vec4f { return vec4f(unpack2x16float(hidden[at].x), unpack2x16float(hidden[at].y)); }
@if(!half && !half_storage) fn weight(at: u32) -> vec4f { return hidden[at]; }

/// The thread's sample group and neuron group.
fn sample_group(local: u32) -> u32 { return local % SAMPLE_GROUPS; }
fn neuron_group(local: u32) -> u32 { return local / SAMPLE_GROUPS; }

/// Input `row` of the four samples of a group; once for every row.
fn set_input(row: u32, group: u32, value: vec4f) {
  @if(half || half_storage) ends[row * SAMPLE_GROUPS + group] = value;
  @if(!half && !half_storage) activations[BUFFER + row * SAMPLE_GROUPS + group] = value;
}

fn input(row: u32, group: u32) -> vec4f {
  @if(half || half_storage) return ends[row * SAMPLE_GROUPS + group];
  @if(!half && !half_storage) return activations[BUFFER + row * SAMPLE_GROUPS + group];
}

/// Buffer of the last hidden layer's activations.
const LAST = ((DEPTH - 1u) % 2u) * BUFFER;

fn set_output(row: u32, group: u32, value: vec4f) {
  @if(half || half_storage) ends[row * SAMPLE_GROUPS + group] = value;
  @if(!half && !half_storage) activations[(BUFFER - LAST) + row * SAMPLE_GROUPS + group] = value;
}

/// Output `row` of the four samples of a group, after mlp().
fn output(row: u32, group: u32) -> vec4f {
  @if(half || half_storage) return ends[row * SAMPLE_GROUPS + group];
  @if(!half && !half_storage) return activations[(BUFFER - LAST) + row * SAMPLE_GROUPS + group];
}

/// Waits for the threads that share samples; alone a thread needs not wait.
fn meet() {
  if (NEURON_GROUPS > 1u) { workgroupBarrier(); }
}

/// Input layer: eight neurons from n.
fn input_block(n: u32, group: u32) -> array<vec4f, 8> {
  let b0 = small[BIASES + n / 4u];
  let b1 = small[BIASES + n / 4u + 1u];
  var c0 = fixed(vec4f(b0.x)); var c1 = fixed(vec4f(b0.y)); var c2 = fixed(vec4f(b0.z)); var c3 = fixed(vec4f(b0.w));
  var c4 = fixed(vec4f(b1.x)); var c5 = fixed(vec4f(b1.y)); var c6 = fixed(vec4f(b1.z)); var c7 = fixed(vec4f(b1.w));
  for (var k = 0u; k < INPUTS; k++) {
    let x = input(k, group);
    let w0 = small[(k * WIDTH + n) / 4u];
    let w1 = small[(k * WIDTH + n) / 4u + 1u];
    c0 += w0.x * x; c1 += w0.y * x; c2 += w0.z * x; c3 += w0.w * x;
    c4 += w1.x * x; c5 += w1.y * x; c6 += w1.z * x; c7 += w1.w * x;
  }
  return array<vec4f, 8>(c0, c1, c2, c3, c4, c5, c6, c7);
}

/// Eight sums over a buffer of activations, from (b0, b1) on; `matrix` is the place of the first weight of the first row, in vec4.
fn matrix_block(matrix: u32, source: u32, group: u32, b0: vec4f, b1: vec4f) -> array<vec4f, 8> {
  var c0 = fixed(vec4f(b0.x)); var c1 = fixed(vec4f(b0.y)); var c2 = fixed(vec4f(b0.z)); var c3 = fixed(vec4f(b0.w));
  var c4 = fixed(vec4f(b1.x)); var c5 = fixed(vec4f(b1.y)); var c6 = fixed(vec4f(b1.z)); var c7 = fixed(vec4f(b1.w));
  var at = matrix;
  var from_ = source + group;
  for (var k = 0u; k < WIDTH; k += 4u) {
    @if(half) {
      let x0 = activations[from_];
      let x1 = activations[from_ + SAMPLE_GROUPS];
      let x2 = activations[from_ + 2u * SAMPLE_GROUPS];
      let x3 = activations[from_ + 3u * SAMPLE_GROUPS];
      let u0 = hidden[at]; let u1 = hidden[at + WIDTH / 4u]; let u2 = hidden[at + WIDTH / 2u]; let u3 = hidden[at + 3u * WIDTH / 4u];
      let v0 = hidden[at + 1u]; let v1 = hidden[at + WIDTH / 4u + 1u]; let v2 = hidden[at + WIDTH / 2u + 1u]; let v3 = hidden[at + 3u * WIDTH / 4u + 1u];
      c0 += vec4f((u0.x * x0 + u1.x * x1) + (u2.x * x2 + u3.x * x3));
      c1 += vec4f((u0.y * x0 + u1.y * x1) + (u2.y * x2 + u3.y * x3));
      c2 += vec4f((u0.z * x0 + u1.z * x1) + (u2.z * x2 + u3.z * x3));
      c3 += vec4f((u0.w * x0 + u1.w * x1) + (u2.w * x2 + u3.w * x3));
      c4 += vec4f((v0.x * x0 + v1.x * x1) + (v2.x * x2 + v3.x * x3));
      c5 += vec4f((v0.y * x0 + v1.y * x1) + (v2.y * x2 + v3.y * x3));
      c6 += vec4f((v0.z * x0 + v1.z * x1) + (v2.z * x2 + v3.z * x3));
      c7 += vec4f((v0.w * x0 + v1.w * x1) + (v2.w * x2 + v3.w * x3));
    }
    @if(!half) {
      //! unroll j
      let x$j = load(from_ + $ju * SAMPLE_GROUPS);
      let u$j = weight(at + $ju * WIDTH / 4u);
      let v$j = weight(at + $ju * WIDTH / 4u + 1u);
      c0 += u$j.x * x$j; c1 += u$j.y * x$j; c2 += u$j.z * x$j; c3 += u$j.w * x$j;
      c4 += v$j.x * x$j; c5 += v$j.y * x$j; c6 += v$j.z * x$j; c7 += v$j.w * x$j;
      //! end
    }
    at += WIDTH;
    from_ += 4u * SAMPLE_GROUPS;
  }
  return array<vec4f, 8>(c0, c1, c2, c3, c4, c5, c6, c7);
}

/// The network for the four samples of the thread's group. Ends with outputs that every thread of the group may read.
fn mlp(local: u32) {
  let group = sample_group(local);
  let first = neuron_group(local) * NEURONS;
  meet();
  for (var n = first; n < first + NEURONS; n += 8u) {
    var z = input_block(n, group);
    for (var j = 0u; j < 8u; j++) {
      @if(keep_trace) keep(0u, n + j, group, z[j], phi(z[j]));
      store((n + j) * SAMPLE_GROUPS + group, phi(z[j]));
    }
  }
  var source = 0u;
  for (var layer = 1u; layer < DEPTH; layer++) {
    meet();
    let target_ = BUFFER - source;
    for (var n = first; n < first + NEURONS; n += 8u) {
      let bias = BIASES + (layer * WIDTH + n) / 4u;
      var z = matrix_block(((layer - 1u) * WIDTH * WIDTH + n) / 4u, source, group, small[bias], small[bias + 1u]);
      for (var j = 0u; j < 8u; j++) {
        let at = (n + j) * SAMPLE_GROUPS + group;
        let h = load(source + at) + phi(z[j]);
        @if(keep_trace) keep(layer, n + j, group, z[j], h);
        store(target_ + at, h);
      }
    }
    source = target_;
  }
  meet();
  for (var n = 4u * neuron_group(local); n < OUTPUTS; n += 4u * NEURON_GROUPS) {
    let b = small[OUTPUT_BIAS + n / 4u];
    var c0 = fixed(vec4f(b.x)); var c1 = fixed(vec4f(b.y)); var c2 = fixed(vec4f(b.z)); var c3 = fixed(vec4f(b.w));
    for (var k = 0u; k < WIDTH; k++) {
      let x = load(source + k * SAMPLE_GROUPS + group);
      let w = small[OUTPUT_WEIGHTS + (k * OUTPUTS + n) / 4u];
      c0 += w.x * x; c1 += w.y * x; c2 += w.z * x; c3 += w.w * x;
    }
    set_output(n, group, c0);
    set_output(n + 1u, group, c1);
    set_output(n + 2u, group, c2);
    set_output(n + 3u, group, c3);
  }
  meet();
}
