// One step of AdamW with clipping, a moving average of the weights, and the copies that the other kernels read.
//
// Computes  g <- g / scale, clipped to length `clip`; m <- b1 m + (1 - b1) g, v <- b2 v + (1 - b2) g^2,
//           w <- w - lr (m^ / (sqrt(v^) + eps) + decay w)                 I. Loshchilov & F. Hutter, ICLR 2019
//           e <- e + (1 - a)(w - e), a = min(average, (1 + t)/(10 + t)). Weights, moments and average are f32 in every precision.
//           lr: linear up over `warmup` steps, then a cosine down to `floor` of the peak. A gradient that is not finite changes nothing.
// Bindings  5 gradient, 6 parts (gradient_norm), 7 optimiser: weights, m, v, average [4][PARAMETERS]; 8 state, 9 hyper, 0 hidden (copy and
//           transposed copy of the hidden matrices, in f32), 1 small (copy of the rest).
// Workgroup UPDATE_THREADS threads, four parameters each.
// Twin      src/nn/adamw.ts.

import package::lib::float::is_finite;
import package::lib::trig::cos_half_turns;
import constants::{PARAMETERS4, PARTS, WIDTH, DEPTH, UPDATE_THREADS};

struct State {
  /// Steps taken, and steps left out because their gradient was not finite.
  step: u32,
  skipped: u32,
  /// What the loss is multiplied by before it is differentiated; steps since it last changed.
  scale: f32,
  since: u32,
}

struct Hyper {
  rate: f32,
  floor: f32,
  warmup: f32,
  steps: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  decay: f32,
  clip: f32,
  average: f32,
}

@group(0) @binding(5) var<storage, read_write> gradient: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> parts: array<f32>;
@group(0) @binding(7) var<storage, read_write> optimiser: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> state: State;
@group(0) @binding(9) var<storage, read> hyper: Hyper;
@if(!half && !half_storage) @group(0) @binding(0) var<storage, read_write> hidden: array<f32>;
@group(0) @binding(1) var<storage, read_write> small: array<vec4f>;

const HIDDEN4 = (DEPTH - 1u) * WIDTH * WIDTH / 4u;

var<workgroup> shared_sum: f32;

/// Squared length of the gradient, summed by one thread for all of them.
fn squared_length(local: u32) -> f32 {
  if (local == 0u) {
    var sum = 0.0;
    for (var i = 0u; i < PARTS; i++) { sum += parts[i]; }
    shared_sum = sum;
  }
  return workgroupUniformLoad(&shared_sum) / (state.scale * state.scale);
}

fn learning_rate(step: f32) -> f32 {
  if (step < hyper.warmup) { return hyper.rate * (step + 1.0) / hyper.warmup; }
  let progress = clamp((step - hyper.warmup) / max(hyper.steps - hyper.warmup, 1.0), 0.0, 1.0);
  return hyper.rate * (hyper.floor + (1.0 - hyper.floor) * 0.5 * (1.0 + cos_half_turns(vec4f(progress)).x));
}

@compute @workgroup_size(UPDATE_THREADS)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) local: u32) {
  let i = id.x;
  let squared = squared_length(local);
  if (i >= PARAMETERS4) { return; }
  if (!is_finite(squared)) { return; }
  let step = f32(state.step);
  let shrink = min(1.0, hyper.clip / max(sqrt(squared), 1e-30)) / state.scale;
  let g = gradient[i] * shrink;
  let m = hyper.beta1 * optimiser[PARAMETERS4 + i] + (1.0 - hyper.beta1) * g;
  let v = hyper.beta2 * optimiser[2u * PARAMETERS4 + i] + (1.0 - hyper.beta2) * g * g;
  optimiser[PARAMETERS4 + i] = m;
  optimiser[2u * PARAMETERS4 + i] = v;
  let bias1 = 1.0 - pow(hyper.beta1, step + 1.0);
  let bias2 = 1.0 - pow(hyper.beta2, step + 1.0);
  let old = optimiser[i];
  let w = old - learning_rate(step) * ((m / bias1) / (sqrt(v / bias2) + hyper.epsilon) + hyper.decay * old);
  optimiser[i] = w;
  let average = min(hyper.average, (1.0 + step) / (10.0 + step));
  let e = optimiser[3u * PARAMETERS4 + i];
  optimiser[3u * PARAMETERS4 + i] = e + (1.0 - average) * (w - e);
  if (i >= HIDDEN4) {
    small[i - HIDDEN4] = w;
    return;
  }
  // Halves are copied by nn/halve.wgsl.
  @if(!half && !half_storage) {
    let at = 4u * i;
    let layer = at / (WIDTH * WIDTH);
    let row = (at / WIDTH) % WIDTH;
    let column = at % WIDTH;
    hidden[at] = w.x; hidden[at + 1u] = w.y; hidden[at + 2u] = w.z; hidden[at + 3u] = w.w;
    let transposed = 4u * HIDDEN4 + layer * WIDTH * WIDTH + column * WIDTH + row;
    hidden[transposed] = w.x;
    hidden[transposed + WIDTH] = w.y;
    hidden[transposed + 2u * WIDTH] = w.z;
    hidden[transposed + 3u * WIDTH] = w.w;
  }
}
