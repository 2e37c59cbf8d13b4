// One step of AdamW over the flat weights of a network, with clipping, a moving average, and the copies that the network's kernels read.
//
// Computes  g <- g / scale, clipped to length `clip`; m <- b1 m + (1 - b1) g, v <- b2 v + (1 - b2) g^2,
//           w <- w - lr (m^ / (sqrt(v^) + eps) + decay w)                 I. Loshchilov & F. Hutter, ICLR 2019
//           e <- e + (1 - a)(w - e), a = min(average, (1 + t)/(10 + t)). Weights, moments and average are f32 in every precision.
//           lr: linear up over `warmup` steps, then a cosine down to `floor` of the peak. A gradient that is not finite changes nothing.
// Bindings  5 gradient, 6 parts (gradient_norm), 7 optimiser: weights, m, v, average [4][4 PARAMETERS4]; 8 state, 9 hyper; 13, 14 the tensors and
//           their working copies (nn/optimiser/tensors.wgsl).
// Workgroup UPDATE_THREADS threads, a block of 4 x 4 weights each; groups are counted row by row through a 2-D grid.
// Twin      src/nn/optimiser/adamw.ts.

import package::lib::float::is_finite;
import package::lib::trig::cos_half_turns;
import package::nn::optimiser::state::state;
import package::nn::optimiser::tensors::{block_at, place_of, write_copies};
import constants::{PARAMETERS4, PARTS, BLOCKS, UPDATE_THREADS};

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
@group(0) @binding(9) var<storage, read> hyper: Hyper;

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

/// Steps four weights at place i of the flat vector, and returns them.
fn stepped(i: u32, step: f32, shrink: f32) -> vec4f {
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
  return w;
}

@compute @workgroup_size(UPDATE_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let squared = squared_length(local);
  let number = (group.y * groups.x + group.x) * UPDATE_THREADS + local;
  if (number >= BLOCKS) { return; }
  if (!is_finite(squared)) { return; }
  let step = f32(state.step);
  let shrink = min(1.0, hyper.clip / max(sqrt(squared), 1e-30)) / state.scale;
  let block = block_at(number);
  var weights = array<vec4f, 4>();
  for (var r = 0u; r < block.count; r++) { weights[r] = stepped(place_of(block, r), step, shrink); }
  write_copies(block, &weights);
}
