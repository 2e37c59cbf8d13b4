// Sine and cosine of half turns to f32 accuracy: WGSL promises only 2^-11 for its own.
//
// Computes  sin(pi u), cos(pi u) for 0 <= u <= 1 by Taylor polynomials around u = 1/2.
// Bindings  none: functions only.
// Accuracy  2e-7 absolute: truncation 7e-9, the rest rounding.
// Twin      Math.sin, Math.cos.

const HALF_TURN = 3.14159265;

fn sin_half_turns(u: vec4f) -> vec4f {
  let q = HALF_TURN * (u - 0.5);
  let s = q * q;
  return 1.0 + s * (-0.5 + s * (4.16666667e-2 + s * (-1.38888889e-3 + s * (2.48015873e-5 + s * (-2.75573192e-7 + s * 2.08767570e-9)))));
}

fn cos_half_turns(u: vec4f) -> vec4f {
  let q = HALF_TURN * (u - 0.5);
  let s = q * q;
  return -q * (1.0 + s * (-1.66666667e-1 + s * (8.33333333e-3 + s * (-1.98412698e-4 + s * (2.75573192e-6 + s * (-2.50521084e-8 + s * 1.60590438e-10))))));
}
