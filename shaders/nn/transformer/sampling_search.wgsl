// Finds where a sum over tokens in order reaches a number, without sorting them: digit by digit, counting what falls on each digit.
//
// Computes  the least place at which the sum of quantities of tokens up to it, ids ascending or logits descending, reaches what is needed
// Bindings  none; workgroup memory: three words for each of SEARCH_BANKS x 16 digits.
// Workgroup SAMPLING_THREADS threads, all of them in uniform control flow.
// Thread    every SAMPLING_THREADS-th token in reach; the first one then goes through the digits.
// Order     none: quantities are whole numbers (sampling_wide.wgsl), so bits depend on the logits alone.
// Loops     per digit VOCABULARY / SAMPLING_THREADS; 8 digits of a logit at most, by ids a sixteenth is left after each.
// Caller    sampling.wgsl.
// Twin      src/nn/transformer/sampling/twin.ts, which sorts.

import package::nn::transformer::sampling_logits::{key_of, logit_at};
import package::nn::transformer::sampling_wide::{wide_at_most, wide_difference, wide_part, wide_sum, wide_weight};
import constants::{VOCABULARY, SAMPLING_THREADS, SEARCH_BANKS, ID_SHIFT};

const DIGITS = 16u;
const DIGIT_BITS = 4u;
const KEY_SHIFT = 28u;
/// Under 2^-40 a weight is cut to 0.
const LEAST_EXPONENT = -27.8;

var<workgroup> digit_low: array<atomic<u32>, SEARCH_BANKS * DIGITS>;
var<workgroup> digit_high: array<atomic<u32>, SEARCH_BANKS * DIGITS>;
var<workgroup> digit_tokens: array<atomic<u32>, SEARCH_BANKS * DIGITS>;
var<workgroup> search_found: vec4u;
var<workgroup> search_total: vec2u;

/// Tokens of a larger key, and of this key those of smaller ids.
struct Kept {
  key: u32,
  ids_below: u32,
}

/// Weights are exp((logit − largest) · inverse_temperature).
struct Weighing {
  largest: f32,
  inverse_temperature: f32,
}

/// What is looked for: the first token by ids, or a key by logits descending; quantities are masses, or 1 each.
struct Wanted {
  by_id: bool,
  by_mass: bool,
  /// Of that key alone.
  ties: bool,
  /// Needed: `part` of the sum of all in units of 2^-32, and `need` besides.
  part: u32,
  need: vec2u,
}

/// The id, or the least key kept; what is still needed of tokens of that key where not all are.
struct Found {
  place: u32,
  rest: vec2u,
  more_than_needed: bool,
}

fn is_kept(key: u32, id: u32, kept: Kept) -> bool {
  return key > kept.key || (key == kept.key && id < kept.ids_below);
}

fn mass_of(logit: f32, weighing: Weighing) -> vec2u {
  let exponent = (logit - weighing.largest) * weighing.inverse_temperature;
  return wide_weight(select(min(exp(exponent), 1.0), 0.0, exponent < LEAST_EXPONENT));
}

fn clear_digits(local: u32) {
  for (var at = local; at < SEARCH_BANKS * DIGITS; at += SAMPLING_THREADS) {
    atomicStore(&digit_low[at], 0u);
    atomicStore(&digit_high[at], 0u);
    atomicStore(&digit_tokens[at], 0u);
  }
  workgroupBarrier();
}

/// Adds with a carry: whichever thread makes the low word run over adds it.
fn add_to_digit(at: u32, quantity: vec2u) {
  let before = atomicAdd(&digit_low[at], quantity.x);
  let high = quantity.y + select(0u, 1u, before + quantity.x < before);
  if (high > 0u) { atomicAdd(&digit_high[at], high); }
}

fn digit_sum(digit: u32) -> vec2u {
  var sum = vec2u();
  for (var bank = 0u; bank < SEARCH_BANKS; bank++) {
    let at = bank * DIGITS + digit;
    sum = wide_sum(sum, vec2u(atomicLoad(&digit_low[at]), atomicLoad(&digit_high[at])));
  }
  return sum;
}

/// Of all tokens, in every thread.
fn mass_of_all(local: u32, weighing: Weighing) -> vec2u {
  clear_digits(local);
  for (var id = local; id < VOCABULARY; id += SAMPLING_THREADS) {
    add_to_digit(local % (SEARCH_BANKS * DIGITS), mass_of(logit_at(id), weighing));
  }
  workgroupBarrier();
  if (local == 0u) {
    var sum = vec2u();
    for (var digit = 0u; digit < DIGITS; digit++) { sum = wide_sum(sum, digit_sum(digit)); }
    search_total = sum;
  }
  return workgroupUniformLoad(&search_total);
}

fn search(local: u32, wanted: Wanted, kept: Kept, weighing: Weighing) -> Found {
  var shift = select(KEY_SHIFT, ID_SHIFT, wanted.by_id);
  var least = 0u;
  var need = wanted.need;
  var part = wanted.part;
  var place = 0u;
  var ended = 0u;
  while (ended == 0u) {
    clear_digits(local);
    let end = select(VOCABULARY, min(VOCABULARY, least + (DIGITS << shift)), wanted.by_id);
    for (var id = select(0u, least, wanted.by_id) + local; id < end; id += SAMPLING_THREADS) {
      let logit = logit_at(id);
      let key = key_of(logit);
      // Of keys the complement, so that places ascend either way; places before `least` run over to far digits.
      let digit = (select(~key, id, wanted.by_id) - least) >> shift;
      if (digit < DIGITS && is_kept(key, id, kept) && (!wanted.ties || key == kept.key)) {
        let at = local % SEARCH_BANKS * DIGITS + digit;
        if (wanted.by_mass) { add_to_digit(at, mass_of(logit, weighing)); }
        else { add_to_digit(at, vec2u(1u, 0u)); }
        atomicAdd(&digit_tokens[at], 1u);
      }
    }
    workgroupBarrier();
    if (local == 0u) { search_found = next_digit(need, part, shift, wanted.by_id); }
    let found = workgroupUniformLoad(&search_found);
    least += found.x << shift;
    need = found.yz;
    part = 0u;
    ended = found.w;
    place = select(~(least + ((1u << shift) - 1u)), least, wanted.by_id);
    shift -= DIGIT_BITS;
  }
  return Found(place, need, ended == 2u);
}

/// The digit at which the sum reaches what is needed; what of it that digit's tokens must bring; 1 where that ends the search, 2 where
/// tokens of the last digit are more than needed.
fn next_digit(need: vec2u, part: u32, shift: u32, by_id: bool) -> vec4u {
  var rest = need;
  if (part > 0u) {
    var sum = vec2u();
    for (var digit = 0u; digit < DIGITS; digit++) { sum = wide_sum(sum, digit_sum(digit)); }
    rest = wide_sum(need, wide_part(sum, part));
  }
  var digit = 0u;
  var here = digit_sum(digit);
  while (digit + 1u < DIGITS && !wide_at_most(rest, here)) {
    rest = wide_difference(rest, here);
    digit++;
    here = digit_sum(digit);
  }
  var tokens = 0u;
  for (var bank = 0u; bank < SEARCH_BANKS; bank++) { tokens += atomicLoad(&digit_tokens[bank * DIGITS + digit]); }
  let all = tokens <= 1u || all_equal(rest, here);
  var ended = 0u;
  if (shift == 0u) { ended = select(2u, 1u, all || by_id); }
  else if (all && !by_id) { ended = 1u; }
  return vec4u(digit, rest, ended);
}

fn all_equal(a: vec2u, b: vec2u) -> bool {
  return a.x == b.x && a.y == b.y;
}
