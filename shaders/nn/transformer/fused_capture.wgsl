// Keeps a position's activations, and sums them over windows of positions.
//
// Computes  sums[slot][window][number] += value where the position is in the window; the first position of a text sets them. rows[slot][position][number] = value
// Bindings  conditions summed: 4 sums [slots][WINDOWS][ROW]; kept: 5 rows [slots][CONTEXT][ROW].
// Thread    each call stands alone; a number is summed by one and the same thread.
// Order     over ascending positions, f32.
// Caller    fused.wgsl; sets captured_slot, captured_position and captured_windows, a bit a window, in every thread.
// Twin      src/nn/transformer/host/pass.ts, in f64.

import constants::{CONTEXT, ROW, WINDOWS};

@if(summed) @group(0) @binding(4) var<storage, read_write> sums: array<f32>;
@if(kept) @group(0) @binding(5) var<storage, read_write> rows: array<f32>;

var<private> captured_slot: u32;
var<private> captured_position: u32;
var<private> captured_windows: u32;

fn capture(at: u32, value: f32) {
  @if(kept) { rows[(captured_slot * CONTEXT + captured_position) * ROW + at] = value; }
  @if(summed) {
    for (var window = 0u; window < WINDOWS; window++) {
      let to = (captured_slot * WINDOWS + window) * ROW + at;
      let inside = ((captured_windows >> window) & 1u) == 1u;
      if (captured_position == 0u) { sums[to] = select(0.0, value, inside); }
      else if (inside) { sums[to] += value; }
    }
  }
}
