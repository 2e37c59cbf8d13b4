// From unconstrained coordinates q to the six basic parameters, and back with the gradient: priors and the chain rule.
//
// Computes  basic(q), log prior(q), L = ∂(log amplitude, xc, yc, Txx, Txy, Tyy)/∂q, ∇q log density = Lᵀ·(basic gradient) + ∇ log prior.
//           q = g1 g2 | logit x, logit y | log flux, log hlr (D ≥ 6) | e1 e2 (D = 8). T = hlr² M, M = S_g E S_g (ALGORITHM.md).
// Bindings  @group(0) 2 settings: priors and sampler constants, all f32 (settings.ts writes them in this order).
// Thread    each call stands alone; every lane of an evaluation computes the same.
// Layout    vectors and matrices have room for eight parameters whatever D is; element (i, j) at 8 i + j (lib/linalg.wgsl). Spelled out, since
//           wgpu's compiler keeps an alias behind a pointer apart from the type it names.
// Caller    checks `inside` and treats a point outside as log density −∞.
// Twin      src/workloads/shear/twin/transform.ts.

import package::shear::frame::{Basic, Frame};
import package::shear::likelihood::Sums;
import constants::D;

/// Precisions are 1/σ². Positions in px from the stamp centre; flux in units of the noise σ.
struct Settings {
  g1_mean: f32,
  g1_precision: f32,
  g2_mean: f32,
  g2_precision: f32,
  x_middle: f32,
  x_width: f32,
  y_middle: f32,
  y_width: f32,
  log_amplitude_mean: f32,
  log_amplitude_precision: f32,
  log_hlr_mean: f32,
  log_hlr_precision: f32,
  e_precision: f32,
  initial_step: f32,
  min_step: f32,
  max_step: f32,
  target_acceptance: f32,
  /// Half-width of the step size's jitter, as a fraction.
  jitter: f32,
}

@group(0) @binding(2) var<uniform> settings: Settings;


/// A point in natural terms and everything the chain rule needs there.
struct Point {
  basic: Basic,
  log_prior: f32,
  /// ∂(Txx, Txy, Tyy)/∂q for the shape coordinates: g1, g2, log hlr, e1, e2.
  dt: array<vec3f, 5>,
  dx: f32,
  dy: f32,
  prior_gradient: array<f32, 8>,
  /// Curvature −∂²log prior/∂q² (a logit's is 2s(1 − s)).
  prior_precision: array<f32, 8>,
  inside: bool,
}

/// (1 − e^(−q))/(1 + e^(−q)) = 2 sigmoid(q) − 1, exact near 0 where positions live; WGSL's tanh is good to 1e-5 only.
fn symmetric_sigmoid(q: f32) -> f32 {
  let e = exp(-abs(q));
  return sign(q) * (1.0 - e) / (1.0 + e);
}

/// Symmetric product A B A for A = (a11, a12, a22), B likewise.
fn sandwich(a: vec3f, b: vec3f) -> vec3f {
  let ab11 = a.x * b.x + a.y * b.y;
  let ab12 = a.x * b.y + a.y * b.z;
  let ab21 = a.y * b.x + a.z * b.y;
  let ab22 = a.y * b.y + a.z * b.z;
  return vec3f(ab11 * a.x + ab12 * a.y, ab11 * a.y + ab12 * a.z, ab21 * a.y + ab22 * a.z);
}

/// Symmetric part sum A B C + C B A.
fn mixed_sandwich(a: vec3f, b: vec3f, c: vec3f) -> vec3f {
  let ab11 = a.x * b.x + a.y * b.y;
  let ab12 = a.x * b.y + a.y * b.z;
  let ab21 = a.y * b.x + a.z * b.y;
  let ab22 = a.y * b.y + a.z * b.z;
  return vec3f(2.0 * (ab11 * c.x + ab12 * c.y), ab11 * c.y + ab12 * c.z + ab21 * c.x + ab22 * c.y, 2.0 * (ab21 * c.y + ab22 * c.z));
}

/// `fixed`: the item's log amplitude, half-light radius (px), e1, e2, used for those that are not free.
fn point_at(q: array<f32, 8>, fixed: vec4f) -> Point {
  var p: Point;
  var g1 = q[0];
  var g2 = q[1];
  var e1 = fixed.z;
  var e2 = fixed.w;
  @if(shape_free) { e1 = q[6]; e2 = q[7]; }
  p.inside = g1 * g1 + g2 * g2 < 0.99 && e1 * e1 + e2 * e2 < 0.98;
  // Lanes stay together: a point outside is evaluated at a harmless place and rejected afterwards.
  if (!p.inside) {
    g1 = 0.0;
    g2 = 0.0;
    e1 = 0.0;
    e2 = 0.0;
  }
  let d1 = q[0] - settings.g1_mean;
  let d2 = q[1] - settings.g2_mean;
  p.log_prior = -0.5 * (d1 * d1 * settings.g1_precision + d2 * d2 * settings.g2_precision);
  p.prior_gradient[0] = -d1 * settings.g1_precision;
  p.prior_gradient[1] = -d2 * settings.g2_precision;
  p.prior_precision[0] = settings.g1_precision;
  p.prior_precision[1] = settings.g2_precision;

  // Position: xc = middle + ½ width t, t = 2s − 1; s(1 − s) = ¼(1 − t²).
  let tx = symmetric_sigmoid(q[2]);
  let ty = symmetric_sigmoid(q[3]);
  let sx = 0.25 * (1.0 - tx * tx);
  let sy = 0.25 * (1.0 - ty * ty);
  p.basic.xc = settings.x_middle + 0.5 * settings.x_width * tx;
  p.basic.yc = settings.y_middle + 0.5 * settings.y_width * ty;
  p.dx = settings.x_width * sx;
  p.dy = settings.y_width * sy;
  p.prior_precision[2] = 2.0 * sx;
  p.prior_precision[3] = 2.0 * sy;
  p.log_prior += log(max(sx, 1e-30)) + log(max(sy, 1e-30));
  p.prior_gradient[2] = -tx;
  p.prior_gradient[3] = -ty;

  var log_amplitude = fixed.x;
  var hlr = fixed.y;
  @if(size_free) {
    log_amplitude = q[4];
    hlr = exp(q[5]);
    let df = q[4] - settings.log_amplitude_mean;
    let dh = q[5] - settings.log_hlr_mean;
    p.log_prior -= 0.5 * (df * df * settings.log_amplitude_precision + dh * dh * settings.log_hlr_precision);
    p.prior_gradient[4] = -df * settings.log_amplitude_precision;
    p.prior_gradient[5] = -dh * settings.log_hlr_precision;
    p.prior_precision[4] = settings.log_amplitude_precision;
    p.prior_precision[5] = settings.log_hlr_precision;
  }
  @if(shape_free) {
    p.log_prior -= 0.5 * settings.e_precision * (q[6] * q[6] + q[7] * q[7]);
    p.prior_gradient[6] = -q[6] * settings.e_precision;
    p.prior_gradient[7] = -q[7] * settings.e_precision;
    p.prior_precision[6] = settings.e_precision;
    p.prior_precision[7] = settings.e_precision;
  }
  p.basic.amplitude = exp(log_amplitude);

  // T = scale · G E' G with G = [[1+g1, g2],[g2, 1−g1]], E' = [[1+e1, e2],[e2, 1−e1]].
  let ge = 1.0 / (1.0 - g1 * g1 - g2 * g2);
  let ee = 1.0 / (1.0 - e1 * e1 - e2 * e2);
  let scale = hlr * hlr * ge * sqrt(ee);
  let g = vec3f(1.0 + g1, g2, 1.0 - g1);
  let e = vec3f(1.0 + e1, e2, 1.0 - e1);
  let t = scale * sandwich(g, e);
  p.basic.txx = t.x;
  p.basic.txy = t.y;
  p.basic.tyy = t.z;
  p.dt[0] = scale * mixed_sandwich(vec3f(1.0, 0.0, -1.0), e, g) + 2.0 * g1 * ge * t;
  p.dt[1] = scale * mixed_sandwich(vec3f(0.0, 1.0, 0.0), e, g) + 2.0 * g2 * ge * t;
  @if(size_free) { p.dt[2] = 2.0 * t; }
  @if(shape_free) {
    p.dt[3] = scale * sandwich(g, vec3f(1.0, 0.0, -1.0)) + e1 * ee * t;
    p.dt[4] = scale * sandwich(g, vec3f(0.0, 1.0, 0.0)) + e2 * ee * t;
  }
  return p;
}

/// Column i of L in the eigenframe: ∂(log amplitude, centre along u, along v, Tuu, Tuv, Tvv)/∂q_i.
fn eigen_column(p: Point, f: Frame, i: u32) -> array<f32, 6> {
  var column: array<f32, 6>;
  var dt = vec3f();
  switch (i) {
    case 0u, 1u: { dt = p.dt[i]; }
    case 2u: { column[1] = f.c * p.dx; column[2] = -f.s * p.dx; }
    case 3u: { column[1] = f.s * p.dy; column[2] = f.c * p.dy; }
    case 4u: { column[0] = 1.0; }
    default: { dt = p.dt[i - 3u]; }
  }
  let cc = f.c * f.c;
  let cs = f.c * f.s;
  let ss = f.s * f.s;
  column[3] = cc * dt.x + 2.0 * cs * dt.y + ss * dt.z;
  column[4] = cs * (dt.z - dt.x) + (cc - ss) * dt.y;
  column[5] = ss * dt.x - 2.0 * cs * dt.y + cc * dt.z;
  return column;
}

/// Gradient of the log density in q from the six sums of the pixel loop.
fn gradient_at(p: Point, f: Frame, sums: Sums) -> array<f32, 8> {
  var gradient: array<f32, 8>;
  for (var i = 0u; i < D; i++) {
    let column = eigen_column(p, f, i);
    var total = p.prior_gradient[i];
    for (var j = 0u; j < 6u; j++) { total += column[j] * sums[1u + j]; }
    gradient[i] = total;
  }
  return gradient;
}
