// Inputs of the velocity network: position, time, observation.
//
// Computes  rows: x [D]; t, sin(2^k pi t), cos(2^k pi t) for k = 0 … 4; the standardised observation [C]. Everything in f32.
// Bindings  those of nn/mlp.wgsl.
// Caller    writes for its own sample group, from one neuron group alone, before mlp().
// Twin      src/workloads/flow/features.ts.

import package::lib::trig::{cos_half_turns, sin_half_turns};
import package::nn::dual::fixed;
@if(!quads) import package::nn::mlp::set_input;
@if(quads) import package::nn::mlp_quads::set_input;
import constants::D;

const FREQUENCIES = 5u;
const TIME_ROWS = 1u + 2u * FREQUENCIES;
/// First row of the observation.
const CONTEXT = D + TIME_ROWS;

fn set_time(t: vec4f, group: u32) {
  set_input(D, group, fixed(t));
  var s = sin_half_turns(t);
  var c = cos_half_turns(t);
  for (var k = 0u; k < FREQUENCIES; k++) {
    set_input(D + 1u + 2u * k, group, fixed(s));
    set_input(D + 2u + 2u * k, group, fixed(c));
    let doubled = 2.0 * s * c;
    c = 1.0 - 2.0 * s * s;
    s = doubled;
  }
}
