// A residual perceptron for the samples of a workgroup, all layers without leaving it.
//
// Computes  h0 = phi(x W0 + b0), h_l = h_(l-1) + phi(h_(l-1) W_l + b_l), y = h W_out + b_out     src/nn/mlp.ts
// Bindings  0 hidden [DEPTH - 1][WIDTH in][WIDTH out] (for training the transposed matrices after them), 1 small: W0 [INPUTS][WIDTH], biases [DEPTH][WIDTH], W_out [WIDTH][OUTPUTS], b_out [OUTPUTS];
//           OUTPUTS padded to a multiple of 4.
// Workgroup NEURON_GROUPS x SAMPLE_GROUPS threads; 4 SAMPLE_GROUPS samples, a vec4f each four.
// Thread    BLOCK_GROUPS sample groups and WIDTH / (NEURON_GROUPS BLOCK_GROUPS) neurons of every layer, BLOCK_NEURONS at a time; beside the layers it
//           keeps account of one sample group (sample_group). A block of v vec4f and n neurons reads 4 v + n numbers for 4 v n products.
// Memory    two buffers of activations [WIDTH][SAMPLE_GROUPS], 16 B an entry in f32 and 8 B in half precision.
// Dual      condition dual: a vec4f is one sample and three directions (nn/dual.wgsl); the caller seeds them through set_input.
// Precision condition half_storage: hidden matrices and activations as pairs of halves, f32 arithmetic. half: type f16, products of four
//           inputs summed in f16, everything else in f32. Inputs, biases, output layer and sums are f32 always.
// Order     sums over inputs go from the first to the last, with condition pairs four at a time, (0 + 1) + (2 + 3): bits depend on no size of the tile or of a
//           block. Pairs are for adapters that run nn/mlp_quads.wgsl beside this.
// Unroll    v BLOCK_GROUPS, q BLOCK_NEURONS / 4, k INPUTS_AT_ONCE times; mlpShaderSpec() of src/nn/mlp-kernel.ts sets all of them.
// Caller    writes inputs with set_input, calls mlp() from uniform control flow, reads outputs with output(); all for its own samples.
// Twin      src/nn/mlp-twin.ts.

import package::nn::dual::{fixed, phi};
@if(keep_trace) import package::nn::trace::keep;
import constants::{INPUTS, OUTPUTS, WIDTH, DEPTH, SAMPLE_GROUPS, NEURON_GROUPS, BLOCK_GROUPS, BLOCK_NEURONS, INPUTS_AT_ONCE, ENDS};

@if(half) @group(0) @binding(0) var<storage, read> hidden: array<vec4<f16>>;
@if(half_storage) @group(0) @binding(0) var<storage, read> hidden: array<vec2u>;
@if(!half && !half_storage) @group(0) @binding(0) var<storage, read> hidden: array<vec4f>;
@group(0) @binding(1) var<storage, read> small: array<vec4f>;

const BUFFER = WIDTH * SAMPLE_GROUPS;
/// Places of the small tensors, in vec4f.
const BIASES = INPUTS * WIDTH / 4u;
const OUTPUT_WEIGHTS = BIASES + DEPTH * WIDTH / 4u;
const OUTPUT_BIAS = OUTPUT_WEIGHTS + WIDTH * OUTPUTS / 4u;
/// Threads along the samples of a tile, and those along the neurons of a layer, with as many neurons each.
const SAMPLE_LANES = SAMPLE_GROUPS / BLOCK_GROUPS;
const SLICES = NEURON_GROUPS * BLOCK_GROUPS;
const NEURONS = WIDTH / SLICES;
const BLOCK = BLOCK_NEURONS * BLOCK_GROUPS;

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

/// The sample group of which a thread keeps account, and its place among the threads that do so.
fn sample_group(local: u32) -> u32 { return local % SAMPLE_GROUPS; }
fn neuron_group(local: u32) -> u32 { return local / SAMPLE_GROUPS; }

/// Where the thread's block lies in a layer: its first sample group and first neuron.
fn block_group(local: u32) -> u32 { return local % SAMPLE_LANES * BLOCK_GROUPS; }
fn block_neuron(local: u32) -> u32 { return local / SAMPLE_LANES * NEURONS; }

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
  if (SLICES > 1u) { workgroupBarrier(); }
}

/// Place in a buffer of entry i of a block that begins at neuron n and a sample group: neuron by neuron, BLOCK_GROUPS sample groups each.
fn place(i: u32, n: u32, group: u32) -> u32 {
  return (n + i / BLOCK_GROUPS) * SAMPLE_GROUPS + group + i % BLOCK_GROUPS;
}

/// Input layer: a block of neurons from n and sample groups from `group`.
fn input_block(n: u32, group: u32) -> array<vec4f, BLOCK> {
  //! unroll q
  let bias$q = small[BIASES + n / 4u + $qu];
  //! unroll v
  var a$q_$v = fixed(vec4f(bias$q.x)); var b$q_$v = fixed(vec4f(bias$q.y)); var c$q_$v = fixed(vec4f(bias$q.z)); var d$q_$v = fixed(vec4f(bias$q.w));
  //! end
  //! end
  @if(pairs) for (var first = 0u; first < INPUTS; first += 4u) {
    //! unroll k
    let at$k = min(first + $ku, INPUTS - 1u);
    //! unroll v
    let x$k_$v = select(vec4f(), input(at$k, group + $vu), first + $ku < INPUTS);
    //! end
    //! unroll q
    let w$k_$q = small[(at$k * WIDTH + n) / 4u + $qu];
    //! end
    //! end
    //! unroll q
    //! unroll v
    a$q_$v += (w0_$q.x * x0_$v + w1_$q.x * x1_$v) + (w2_$q.x * x2_$v + w3_$q.x * x3_$v);
    b$q_$v += (w0_$q.y * x0_$v + w1_$q.y * x1_$v) + (w2_$q.y * x2_$v + w3_$q.y * x3_$v);
    c$q_$v += (w0_$q.z * x0_$v + w1_$q.z * x1_$v) + (w2_$q.z * x2_$v + w3_$q.z * x3_$v);
    d$q_$v += (w0_$q.w * x0_$v + w1_$q.w * x1_$v) + (w2_$q.w * x2_$v + w3_$q.w * x3_$v);
    //! end
    //! end
  }
  @if(!pairs) for (var k = 0u; k < INPUTS; k++) {
    //! unroll v
    let x$v = input(k, group + $vu);
    //! end
    //! unroll q
    let w$q = small[(k * WIDTH + n) / 4u + $qu];
    //! unroll v
    a$q_$v += w$q.x * x$v; b$q_$v += w$q.y * x$v; c$q_$v += w$q.z * x$v; d$q_$v += w$q.w * x$v;
    //! end
    //! end
  }
  return array<vec4f, BLOCK>(
    //! unroll q
    //! unroll v
    a$q_$v,
    //! end
    //! unroll v
    b$q_$v,
    //! end
    //! unroll v
    c$q_$v,
    //! end
    //! unroll v
    d$q_$v,
    //! end
    //! end
  );
}

/// Sums of a block over a buffer of activations, from the biases at `bias` of `small` on, or from zero; `matrix` is the place of the first
/// weight of the first row, in vec4.
fn matrix_block(matrix: u32, source: u32, group: u32, bias: u32, biased: bool) -> array<vec4f, BLOCK> {
  //! unroll q
  let bias$q = select(vec4f(), small[bias + $qu], biased);
  //! unroll v
  var a$q_$v = fixed(vec4f(bias$q.x)); var b$q_$v = fixed(vec4f(bias$q.y)); var c$q_$v = fixed(vec4f(bias$q.z)); var d$q_$v = fixed(vec4f(bias$q.w));
  //! end
  //! end
  var at = matrix;
  var from_ = source + group;
  for (var k = 0u; k < WIDTH; k += INPUTS_AT_ONCE) {
    //! unroll k
    //! unroll v
    @if(half) let x$k_$v = activations[from_ + $ku * SAMPLE_GROUPS + $vu];
    @if(!half) let x$k_$v = load(from_ + $ku * SAMPLE_GROUPS + $vu);
    //! end
    //! unroll q
    @if(half) let w$k_$q = hidden[at + $ku * WIDTH / 4u + $qu];
    @if(!half) let w$k_$q = weight(at + $ku * WIDTH / 4u + $qu);
    //! end
    //! end
    //! unroll q
    //! unroll v
    // Four inputs at a time.
    @if(half) {
      a$q_$v += vec4f((w0_$q.x * x0_$v + w1_$q.x * x1_$v) + (w2_$q.x * x2_$v + w3_$q.x * x3_$v));
      b$q_$v += vec4f((w0_$q.y * x0_$v + w1_$q.y * x1_$v) + (w2_$q.y * x2_$v + w3_$q.y * x3_$v));
      c$q_$v += vec4f((w0_$q.z * x0_$v + w1_$q.z * x1_$v) + (w2_$q.z * x2_$v + w3_$q.z * x3_$v));
      d$q_$v += vec4f((w0_$q.w * x0_$v + w1_$q.w * x1_$v) + (w2_$q.w * x2_$v + w3_$q.w * x3_$v));
    }
    @if(pairs) {
      a$q_$v += (w0_$q.x * x0_$v + w1_$q.x * x1_$v) + (w2_$q.x * x2_$v + w3_$q.x * x3_$v);
      b$q_$v += (w0_$q.y * x0_$v + w1_$q.y * x1_$v) + (w2_$q.y * x2_$v + w3_$q.y * x3_$v);
      c$q_$v += (w0_$q.z * x0_$v + w1_$q.z * x1_$v) + (w2_$q.z * x2_$v + w3_$q.z * x3_$v);
      d$q_$v += (w0_$q.w * x0_$v + w1_$q.w * x1_$v) + (w2_$q.w * x2_$v + w3_$q.w * x3_$v);
    }
    @if(!half && !pairs) {
      //! unroll k
      a$q_$v += w$k_$q.x * x$k_$v; b$q_$v += w$k_$q.y * x$k_$v; c$q_$v += w$k_$q.z * x$k_$v; d$q_$v += w$k_$q.w * x$k_$v;
      //! end
    }
    //! end
    //! end
    at += INPUTS_AT_ONCE * WIDTH / 4u;
    from_ += INPUTS_AT_ONCE * SAMPLE_GROUPS;
  }
  return array<vec4f, BLOCK>(
    //! unroll q
    //! unroll v
    a$q_$v,
    //! end
    //! unroll v
    b$q_$v,
    //! end
    //! unroll v
    c$q_$v,
    //! end
    //! unroll v
    d$q_$v,
    //! end
    //! end
  );
}

/// The network for the samples of the tile. Ends with outputs that every thread of a sample group may read.
fn mlp(local: u32) {
  let first = block_neuron(local);
  let block = block_group(local);
  meet();
  for (var n = first; n < first + NEURONS; n += BLOCK_NEURONS) {
    var z = input_block(n, block);
    for (var i = 0u; i < BLOCK; i++) {
      let h = phi(z[i]);
      @if(keep_trace) keep(0u, n + i / BLOCK_GROUPS, block + i % BLOCK_GROUPS, z[i], h);
      store(place(i, n, block), h);
    }
  }
  var source = 0u;
  for (var layer = 1u; layer < DEPTH; layer++) {
    meet();
    let target_ = BUFFER - source;
    for (var n = first; n < first + NEURONS; n += BLOCK_NEURONS) {
      let bias = BIASES + (layer * WIDTH + n) / 4u;
      var z = matrix_block(((layer - 1u) * WIDTH * WIDTH + n) / 4u, source, block, bias, true);
      for (var i = 0u; i < BLOCK; i++) {
        let at = place(i, n, block);
        let h = load(source + at) + phi(z[i]);
        @if(keep_trace) keep(layer, n + i / BLOCK_GROUPS, block + i % BLOCK_GROUPS, z[i], h);
        store(target_ + at, h);
      }
    }
    source = target_;
  }
  meet();
  let group = sample_group(local);
  for (var n = 4u * neuron_group(local); n < OUTPUTS; n += 4u * NEURON_GROUPS) {
    let b = small[OUTPUT_BIAS + n / 4u];
    var c0 = fixed(vec4f(b.x)); var c1 = fixed(vec4f(b.y)); var c2 = fixed(vec4f(b.z)); var c3 = fixed(vec4f(b.w));
    @if(pairs) for (var k = 0u; k < WIDTH; k += 4u) {
      let x0 = load(source + k * SAMPLE_GROUPS + group);
      let x1 = load(source + (k + 1u) * SAMPLE_GROUPS + group);
      let x2 = load(source + (k + 2u) * SAMPLE_GROUPS + group);
      let x3 = load(source + (k + 3u) * SAMPLE_GROUPS + group);
      let at = OUTPUT_WEIGHTS + (k * OUTPUTS + n) / 4u;
      let w0 = small[at];
      let w1 = small[at + OUTPUTS / 4u];
      let w2 = small[at + OUTPUTS / 2u];
      let w3 = small[at + 3u * OUTPUTS / 4u];
      c0 += (w0.x * x0 + w1.x * x1) + (w2.x * x2 + w3.x * x3);
      c1 += (w0.y * x0 + w1.y * x1) + (w2.y * x2 + w3.y * x3);
      c2 += (w0.z * x0 + w1.z * x1) + (w2.z * x2 + w3.z * x3);
      c3 += (w0.w * x0 + w1.w * x1) + (w2.w * x2 + w3.w * x3);
    }
    @if(!pairs) for (var k = 0u; k < WIDTH; k++) {
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
