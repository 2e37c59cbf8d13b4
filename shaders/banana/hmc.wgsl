// Transitions of Hamiltonian Monte Carlo on a twisted Gaussian (Haario, Saksman & Tamminen 1999).
//
// Computes  U(x, y) = x^2 / (2 a^2) + (y + b x^2 - b a^2)^2 / 2, leapfrog steps of one size, unit masses
// Bindings  0 how (uniform), 1 seeds [item], 2 states [item][chain], 3 draws [item][chain][draw][7]
// Thread    one chain of one item; it shares nothing with others
// Caller    dispatches ceil(items x chains / LANES) workgroups for `count` transitions from `first` on; draws are those after `warmup`
// Twin      src/workloads/banana/twin/walk.ts, same names.

import package::lib::rng::{threefry2x32, uniform01};
import package::lib::normal::normal_from_bits;
import constants::LANES;

struct How {
  items: u32,
  chains: u32,
  first: u32,
  count: u32,
  warmup: u32,
  draws: u32,
  leapfrogs: u32,
  unused: u32,
  step: f32,
  width: f32,
  twist: f32,
  pad: f32,
}

@group(0) @binding(0) var<uniform> how: How;
@group(0) @binding(1) var<storage, read> seeds: array<u32>;
@group(0) @binding(2) var<storage, read_write> states: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> draws: array<f32>;

// Purposes of random numbers: the second word of the counter.
const START = 0u;
const MOMENTUM = 1u;
const ACCEPT = 2u;
/// Numbers that are kept of a draw: x, y, lp, energy, its error, acceptance, whether it diverged.
const KEPT = 7u;
/// Energy errors above this are divergences, as in Stan.
const DIVERGENCE = 1000.0;

fn residual(q: vec2f) -> f32 {
  return q.y + how.twist * (q.x * q.x - how.width * how.width);
}

fn potential(q: vec2f) -> f32 {
  let r = residual(q);
  let z = q.x / how.width;
  return 0.5 * (z * z + r * r);
}

fn gradient(q: vec2f) -> vec2f {
  let r = residual(q);
  return vec2f(q.x / (how.width * how.width) + 2.0 * how.twist * q.x * r, r);
}

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= how.items * how.chains) {
    return;
  }
  let key = vec2u(seeds[id.x / how.chains], id.x % how.chains);
  var q = states[id.x];
  if (how.first == 0u) {
    let words = threefry2x32(key, vec2u(0u, START));
    q = 2.0 * vec2f(normal_from_bits(words.x), normal_from_bits(words.y));
  }
  for (var n = 0u; n < how.count; n++) {
    let transition = how.first + n;
    let words = threefry2x32(key, vec2u(transition, MOMENTUM));
    var p = vec2f(normal_from_bits(words.x), normal_from_bits(words.y));
    let energy = potential(q) + 0.5 * dot(p, p);
    var moved = q;
    p -= 0.5 * how.step * gradient(moved);
    for (var i = 1u; i <= how.leapfrogs; i++) {
      moved += how.step * p;
      let share = select(1.0, 0.5, i == how.leapfrogs);
      p -= share * how.step * gradient(moved);
    }
    let error = potential(moved) + 0.5 * dot(p, p) - energy;
    // A comparison with NaN is false: such a proposal is refused.
    let acceptance = select(0.0, min(1.0, exp(-error)), error < DIVERGENCE);
    if (uniform01(threefry2x32(key, vec2u(transition, ACCEPT)).x) < acceptance) {
      q = moved;
    }
    if (transition >= how.warmup) {
      let at = KEPT * (id.x * how.draws + transition - how.warmup);
      draws[at] = q.x;
      draws[at + 1u] = q.y;
      draws[at + 2u] = -potential(q);
      draws[at + 3u] = energy;
      draws[at + 4u] = error;
      draws[at + 5u] = acceptance;
      draws[at + 6u] = select(1.0, 0.0, error < DIVERGENCE);
    }
  }
  states[id.x] = q;
}
