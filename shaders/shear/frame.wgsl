// One galaxy as the pixel loop needs it: six basic parameters, their eigenframe, and the constants of each Gaussian.
//
// Computes  A galaxy is a sum of Gaussians with covariances C_k = v_k T + s_k I (px²), T = hlr² M(g, e). All C_k share the eigenvectors
//           of T, so the pixel loop works in u = c dx + s dy, v = c dy − s dx, where C_k = diag(1/α_k, 1/β_k).
// Bindings  none: functions only.
// Thread    each call stands alone.
// Caller    guarantees |g| < 1 and |e| < 1; anything else is rejected before it comes here.
// Twin      src/workloads/shear/twin/model.ts (eigenframe, componentConstants); formulas in src/workloads/shear/ALGORITHM.md.

/// Amplitude flux/σ, centre relative to the stamp centre (px), T (px²; txy once).
struct Basic {
  amplitude: f32,
  xc: f32,
  yc: f32,
  txx: f32,
  txy: f32,
  tyy: f32,
}

/// Centre (px), direction cosines of the first axis, eigenvalues λ1 ≥ λ2 of T (px²).
struct Frame {
  xc: f32,
  yc: f32,
  c: f32,
  s: f32,
  lambda1: f32,
  lambda2: f32,
}

/// One Gaussian in the eigenframe: N = weight · exp2(pu u² + pv v²), with the factors that its derivatives need.
struct Gaussian {
  pu: f32,
  pv: f32,
  weight: f32,
  alpha: f32,
  beta: f32,
  va: f32,
  vb: f32,
}

/// −½ log2 e: exponentials are taken in base 2, which is what hardware has.
const HALF_LOG2E = -0.72134752;
/// ¼ (mean over the 2×2 points) times 1/2π (the Gaussian's normalisation).
const QUARTER_OVER_2PI = 0.039788736;

fn eigenframe(b: Basic) -> Frame {
  let half_difference = 0.5 * (b.txx - b.tyy);
  let mean = 0.5 * (b.txx + b.tyy);
  let r = sqrt(half_difference * half_difference + b.txy * b.txy);
  var c = 1.0;
  var s = 0.0;
  // A round T has no preferred direction: any frame serves.
  if (r > 0.0) {
    let cos2 = half_difference / r;
    let sin2 = b.txy / r;
    // The larger half-angle value comes from the root, the other from a division: neither loses digits.
    if (cos2 >= 0.0) {
      c = sqrt(0.5 + 0.5 * cos2);
      s = 0.5 * sin2 / c;
    } else {
      s = select(-1.0, 1.0, sin2 >= 0.0) * sqrt(0.5 - 0.5 * cos2);
      c = 0.5 * sin2 / s;
    }
  }
  return Frame(b.xc, b.yc, c, s, mean + r, mean - r);
}

/// `component` = (amplitude fraction, v_k in hlr², s_k in px², unused).
fn gaussian_constants(f: Frame, amplitude: f32, component: vec4f) -> Gaussian {
  let v = component.y;
  let alpha = 1.0 / (v * f.lambda1 + component.z);
  let beta = 1.0 / (v * f.lambda2 + component.z);
  let weight = amplitude * component.x * sqrt(alpha * beta) * QUARTER_OVER_2PI;
  return Gaussian(HALF_LOG2E * alpha, HALF_LOG2E * beta, weight, alpha, beta, v * alpha, v * beta);
}
