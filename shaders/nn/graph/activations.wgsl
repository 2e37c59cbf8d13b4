// Activations and their slopes.
//
// Computes  gelu: x (1 + tanh v) / 2, v = c (x + 0.044715 x^3), c = sqrt(2 / pi), tanh from exp; silu: x / (1 + exp(-x)); and their first derivatives.
// Bindings  none: functions only.
// Thread    each call stands alone.
// Caller    nothing to guarantee: exponents never overflow into a quotient of infinities.
// Twin      activation of src/nn/graph/twin.

const ROOT_TWO_BY_PI = 0.7978845608028654;

/// tanh: 1 - 2 / (exp(2 |v|) + 1) with the sign of v; by its series where that would cancel.
fn tanh4(v: vec4f) -> vec4f {
  let size = abs(v);
  let far = 1.0 - 2.0 / (exp(2.0 * min(size, vec4f(20.0))) + 1.0);
  let square = v * v;
  let near = size * (1.0 + square * (-0.33333333333 + square * (0.13333333333 + square * (-0.05396825397 + square * 0.02186948854))));
  return sign(v) * select(far, near, size < vec4f(0.3));
}

fn gelu4(x: vec4f) -> vec4f {
  return 0.5 * x * (1.0 + tanh4(ROOT_TWO_BY_PI * (x + 0.044715 * x * x * x)));
}

fn gelu_slope4(x: vec4f) -> vec4f {
  let t = tanh4(ROOT_TWO_BY_PI * (x + 0.044715 * x * x * x));
  return 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * (ROOT_TWO_BY_PI * (1.0 + 0.134145 * x * x));
}

fn sigmoid4(x: vec4f) -> vec4f { return 1.0 / (1.0 + exp(-max(x, vec4f(-80.0)))); }

fn silu4(x: vec4f) -> vec4f { return x * sigmoid4(x); }

fn silu_slope4(x: vec4f) -> vec4f {
  let s = sigmoid4(x);
  return s * (1.0 + x * (1.0 - s));
}
