// What a chunk keeps on the device between dispatches: a record a posterior, a record a chain, and the control block of a dispatch.
//
// Bindings  @group(0) 3 control;  4 posteriors [chunk];  5 chains [chunk × CHAINS];  6 keys: the item's seed (low, high) [chunk].
// Caller    the host writes `control` before each submit and `trial`, `f`, `lambda` and the fixed values of every posterior before the fit (session.ts has the layout twice:
//           here and in src/workloads/shear/gpu/layout.ts, which a test compares).

import constants::CHAINS;

struct Control {
  /// Posteriors in the chunk.
  count: u32,
  /// Transitions (or fit steps) of this dispatch.
  steps: u32,
  /// 1 while warming up. A dispatch never crosses the end of warm-up.
  warming: u32,
  warmup: u32,
  draws: u32,
  /// Integrator steps a transition.
  integrator_steps: u32,
  /// Which random numbers: 0, or how often the item was sampled before.
  attempt: u32,
  unused: u32,
}

struct Posterior {
  /// Where the fit evaluates next.
  trial: array<f32, 8>,
  mode: array<f32, 8>,
  gradient: array<f32, 8>,
  /// JᵀJ/σ² + prior precision at the mode, in q; element (i, j) at 8 i + j.
  hessian: array<f32, 64>,
  /// q = mode + W z.
  w: array<f32, 64>,
  /// Fit objective at the mode, and Σ(r² − 1) there.
  f: f32,
  chi: f32,
  lambda: f32,
  /// Dual averaging.
  log_step: f32,
  log_step_average: f32,
  h_average: f32,
  updates: u32,
  evaluations: u32,
  visited: u32,
  /// Values of the item's parameters that are not free: log flux/σ, half-light radius in px, ellipticity.
  log_amplitude: f32,
  hlr: f32,
  e1: f32,
  e2: f32,
}

struct Chain {
  z: array<f32, 8>,
  /// ∂ log density/∂z.
  gradient: array<f32, 8>,
  log_density: f32,
  acceptance: f32,
  step: f32,
  transition: u32,
  evaluations: u32,
  visited: u32,
}

@group(0) @binding(3) var<uniform> control: Control;
@group(0) @binding(4) var<storage, read_write> posteriors: array<Posterior>;
@group(0) @binding(5) var<storage, read_write> chains: array<Chain>;
@group(0) @binding(6) var<storage, read> keys: array<vec2u>;

/// The item's values of parameters that are not free, as `point_at` takes them.
fn fixed_values(item: u32) -> vec4f {
  return vec4f(posteriors[item].log_amplitude, posteriors[item].hlr, posteriors[item].e1, posteriors[item].e2);
}
