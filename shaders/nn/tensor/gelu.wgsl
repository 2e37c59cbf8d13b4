// The exact Gaussian error linear unit and its slope.
//
// Computes  x Phi(x), and Phi(x) + x phi(x), Phi(x) = (1 + erf(x / sqrt 2)) / 2    D. Hendrycks & K. Gimpel (2016)
//           erf by two polynomials, |x| below and above 0.9277: within 1 ULP (N. Juffa's coefficients) before the error of exp.
// Bindings  none: functions only.
// Thread    each call stands alone.
// Caller    nothing to guarantee.
// Accuracy  2e-7 times max(1, |x|), absolute.
// Twin      src/nn/tensor/erf.ts.

const ROOT_HALF = 0.70710678;
const ROOT_TAU_INVERSE = 0.39894228;

fn erf4(x: vec4f) -> vec4f {
  let t = min(abs(x), vec4f(4.0));
  let s = t * t;
  var far = vec4f(-1.72853470e-5) * t + 3.83197126e-4;
  far = far * s + (-3.88396438e-3 * t + 2.42546219e-2);
  far = far * t - 1.06777877e-1;
  far = far * t - 6.34846687e-1;
  far = far * t - 1.28717512e-1;
  far = 1.0 - exp(far * t - t);
  var near = vec4f(-5.96761703e-4) * s + 4.99119423e-3;
  near = near * s - 2.67681349e-2;
  near = near * s + 1.12819925e-1;
  near = near * s - 3.76125336e-1;
  near = near * s + 1.28379166e-1;
  near = near * t + t;
  return sign(x) * select(near, far, t > vec4f(0.927734375));
}

fn gelu4(x: vec4f) -> vec4f {
  return x * (0.5 + 0.5 * erf4(ROOT_HALF * x));
}

fn gelu_slope4(x: vec4f) -> vec4f {
  return 0.5 + 0.5 * erf4(ROOT_HALF * x) + x * (ROOT_TAU_INVERSE * exp(-0.5 * x * x));
}
