// Draws a token from logits, and tells the probability of one.
//
// Computes  greedy: the first of the likeliest. Else p_v ~ exp(l_v / T) over the smallest set of the TOP_K likeliest whose mass reaches top_p (of equal ones
//           smaller ids first), and the first id whose sum of p over ids up to it exceeds u. −log p_v at temperature 1.
// Bindings  none; workgroup memory: two words, and that of sampling_search.wgsl.
// Workgroup SAMPLING_THREADS threads, all of them in uniform control flow, with uniform arguments.
// Order     none: masses are whole multiples of 2^-40, so bits depend on the logits alone, not on threads. A token under 2^-40 of the likeliest is never drawn.
// Random    one word a token, with the text's key and the counter (position of the token drawn, TOKEN).
// Caller    a barrier between whoever writes logits and this, and between this and whoever writes them again.
// Twin      src/nn/transformer/sampling/twin.ts.

import package::lib::rng::threefry2x32;
import package::nn::transformer::sampling_logits::{key_of, logit_at, logit_of};
import package::nn::transformer::sampling_search::{Kept, Wanted, Weighing, mass_of_all, search};
import package::nn::transformer::sampling_wide::wide_number;
import constants::{VOCABULARY, SAMPLING_THREADS};

/// PURPOSE.token
const TOKEN = 1u;
const ALL = 0xffffffffu;

/// As samplingWords lays it down: 0 of each: greedy, all, all.
struct Sampling {
  inverse_temperature: f32,
  top_k: u32,
  /// In units of 2^-32.
  top_p: u32,
  unused: u32,
}

var<workgroup> likeliest_key: atomic<u32>;
var<workgroup> likeliest_id: atomic<u32>;
var<workgroup> likeliest_found: vec2u;

/// The largest logit's key, and the first id that has it.
fn likeliest(local: u32) -> vec2u {
  if (local == 0u) {
    atomicStore(&likeliest_key, 0u);
    atomicStore(&likeliest_id, ALL);
  }
  workgroupBarrier();
  var key = 0u;
  var id = ALL;
  for (var other = local; other < VOCABULARY; other += SAMPLING_THREADS) {
    let its = key_of(logit_at(other));
    if (its > key) { key = its; id = other; }
  }
  atomicMax(&likeliest_key, key);
  workgroupBarrier();
  if (key == atomicLoad(&likeliest_key)) { atomicMin(&likeliest_id, id); }
  workgroupBarrier();
  if (local == 0u) { likeliest_found = vec2u(atomicLoad(&likeliest_key), atomicLoad(&likeliest_id)); }
  return workgroupUniformLoad(&likeliest_found);
}

/// The word by which the token at a position is drawn.
fn token_word(seed: vec2u, position: u32) -> u32 {
  return threefry2x32(seed, vec2u(position, TOKEN)).x;
}

/// A token; every thread gets it. `word`: u in units of 2^-32.
fn draw(local: u32, sampling: Sampling, word: u32) -> u32 {
  let best = likeliest(local);
  if (sampling.inverse_temperature == 0.0) { return best.y; }
  let weighing = Weighing(logit_of(best.x), sampling.inverse_temperature);
  var kept = Kept(0u, ALL);
  if (sampling.top_k > 0u && sampling.top_k < VOCABULARY) {
    kept = cut(local, Wanted(false, false, false, 0u, vec2u(sampling.top_k, 0u)), kept, weighing);
  }
  if (sampling.top_p > 0u) {
    kept = cut(local, Wanted(false, true, false, sampling.top_p, vec2u()), kept, weighing);
  }
  // The sum must exceed ⌊u · total⌋.
  return search(local, Wanted(true, true, false, max(word, 1u), vec2u(1u, 0u)), kept, weighing).place;
}

/// What is kept when of tokens by logits descending so many are taken, or such a part of their mass.
fn cut(local: u32, wanted: Wanted, before: Kept, weighing: Weighing) -> Kept {
  let found = search(local, wanted, before, weighing);
  if (found.place < before.key) { return before; }
  var kept = Kept(found.place, select(ALL, before.ids_below, found.place == before.key));
  if (found.more_than_needed) {
    let tie = Wanted(true, wanted.by_mass, true, 0u, found.rest);
    kept.ids_below = search(local, tie, kept, weighing).place + 1u;
  }
  return kept;
}

/// −log p of a token at temperature 1, nats.
fn surprise(local: u32, id: u32) -> f32 {
  let largest = logit_of(likeliest(local).x);
  let mass = wide_number(mass_of_all(local, Weighing(largest, 1.0)));
  return log(mass) - (logit_at(id) - largest);
}
