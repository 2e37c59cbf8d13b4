// Ends a training step: counts it, keeps the loss, and moves the loss scale.
//
// Computes  step + 1. A gradient that is not finite counts as skipped and halves the scale; after `GROWTH` good steps it doubles, up to
//           2^16 (Micikevicius et al., ICLR 2018). In f32 the scale stays 1.
// Bindings  2 losses [LOSSES], sums of LOSS_TERMS terms in all; 6 parts, 8 state, 10 history [HISTORY] (mean loss of the step, by step modulo
//           HISTORY).
// Workgroup 1 thread.

import package::lib::float::is_finite;
import package::nn::optimiser::state::state;
import constants::{PARTS, LOSSES, HISTORY, LOSS_TERMS};

@group(0) @binding(2) var<storage, read_write> losses: array<f32>;
@group(0) @binding(6) var<storage, read_write> parts: array<f32>;
@group(0) @binding(10) var<storage, read_write> history: array<f32>;

const GROWTH = 200u;
const MOST = 65536.0;

@compute @workgroup_size(1)
fn main() {
  var loss = 0.0;
  for (var i = 0u; i < LOSSES; i++) { loss += losses[i]; }
  history[state.step % HISTORY] = loss / f32(LOSS_TERMS);
  var squared = 0.0;
  for (var i = 0u; i < PARTS; i++) { squared += parts[i]; }
  let good = is_finite(squared);
  @if(scaled) {
    state.since = select(0u, state.since + 1u, good);
    if (!good) { state.scale = max(1.0, 0.5 * state.scale); }
    if (state.since >= GROWTH) {
      state.since = 0u;
      state.scale = min(MOST, 2.0 * state.scale);
    }
  }
  if (!good) { state.skipped += 1u; }
  state.step += 1u;
}
