// Copies the hidden matrices and their transposes into halves after a step.
//
// Computes  hidden[i] = half of the weights, then of the transposed matrices; both [layer][row][column], four a vec2u.
// Bindings  7 optimiser (weights first), 0 hidden.
// Workgroup UPDATE_THREADS threads, four numbers of each copy a thread.
// Twin      src/nn/half.ts.

import constants::{WIDTH, DEPTH, UPDATE_THREADS};

@group(0) @binding(7) var<storage, read> optimiser: array<f32>;
@group(0) @binding(0) var<storage, read_write> hidden: array<vec2u>;

const HIDDEN4 = (DEPTH - 1u) * WIDTH * WIDTH / 4u;
const HALF_MAX = 65504.0;

fn halves(v: vec4f) -> vec2u {
  let bounded = clamp(v, vec4f(-HALF_MAX), vec4f(HALF_MAX));
  return vec2u(pack2x16float(bounded.xy), pack2x16float(bounded.zw));
}

@compute @workgroup_size(UPDATE_THREADS)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= HIDDEN4) { return; }
  let at = 4u * i;
  hidden[i] = halves(vec4f(optimiser[at], optimiser[at + 1u], optimiser[at + 2u], optimiser[at + 3u]));
  // Number `at` of the transposed copy: row and column change places.
  let matrix = (at / (WIDTH * WIDTH)) * WIDTH * WIDTH;
  let column = (at / WIDTH) % WIDTH;
  let row = at % WIDTH;
  let from_ = matrix + row * WIDTH + column;
  hidden[HIDDEN4 + i] = halves(vec4f(optimiser[from_], optimiser[from_ + WIDTH], optimiser[from_ + 2u * WIDTH], optimiser[from_ + 3u * WIDTH]));
}
