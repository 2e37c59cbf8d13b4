// Draws a token from logits.
//
// Computes  log p_g = g log p(.|c) + (1 - g) log p(.), and v with probability p_v^(1/T) / sum by the inverse of its distribution function
// Bindings  none: functions only. BINS numbers of a gene lie in private memory, STRIDE (BINS rounded up to 4) of them.
// Precision f32 throughout. A weight under e^-87, near the smallest normal number, is 0 and its token never drawn: -1e30 stands for a forbidden one.
// Order     sums go from the first bin to the last: bits depend on nothing but the logits and the word.
// Random    one word a draw, with the key (cell's seed, 3) and the counter (gene, step). f32 keeps its upper 24 bits, and all where it is small.
// Twin      src/workloads/cells/sampling/draw.ts and random.ts.

import package::lib::rng::threefry2x32;
import constants::{BINS, STRIDE};

/// PURPOSE.category
const CATEGORY = 3u;
const SMALLEST_LOG = -87.0;

/// The word that a gene's token is drawn by in that step.
fn category_word(seed: u32, gene: u32, step: u32) -> u32 {
  return threefry2x32(vec2u(seed, CATEGORY), vec2u(gene, step)).x;
}

/// Logits with guidance in the place of the first.
fn guide(logits: ptr<function, array<f32, STRIDE>>, without: ptr<function, array<f32, STRIDE>>, guidance: f32) {
  for (var v = 0u; v < BINS; v++) {
    (*logits)[v] = guidance * (*logits)[v] + (1.0 - guidance) * (*without)[v];
  }
}

/// A token by its word; weights are left in the place of the logits.
fn draw_category(logits: ptr<function, array<f32, STRIDE>>, inverse_temperature: f32, word: u32) -> u32 {
  var largest = (*logits)[0];
  for (var v = 1u; v < BINS; v++) { largest = max(largest, (*logits)[v]); }
  var total = 0.0;
  for (var v = 0u; v < BINS; v++) {
    let log_weight = ((*logits)[v] - largest) * inverse_temperature;
    let weight = select(exp(log_weight), 0.0, log_weight < SMALLEST_LOG);
    (*logits)[v] = weight;
    total += weight;
  }
  let threshold = (f32(word) + 0.5) * 0x1p-32f * total;
  var below = 0.0;
  var last = 0u;
  for (var v = 0u; v < BINS; v++) {
    let weight = (*logits)[v];
    below += weight;
    if (weight > 0.0) { last = v; }
    if (threshold < below) { return v; }
  }
  return last;
}

/// The most probable token; the lowest of equals.
fn arg_max(logits: ptr<function, array<f32, STRIDE>>) -> u32 {
  var best = 0u;
  for (var v = 1u; v < BINS; v++) {
    if ((*logits)[v] > (*logits)[best]) { best = v; }
  }
  return best;
}
