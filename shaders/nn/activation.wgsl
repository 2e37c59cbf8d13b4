// Activation functions and their derivatives, four samples at once.
//
// Computes  condition silu: z/(1 + exp(−z)); gelu: z Φ(z) by its tanh form (Hendrycks & Gimpel 2016); relu: max(z, 0); else tanh z.
// Bindings  none: functions only.
// Accuracy  exp is bounded to ±80, so nothing overflows; tanh by exp, since WGSL promises 1e-5 only for its own.
// Twin      src/nn/activation.ts.

fn logistic(z: vec4f) -> vec4f {
  return 1.0 / (1.0 + exp(clamp(-z, vec4f(-80.0), vec4f(80.0))));
}

fn hyperbolic_tangent(z: vec4f) -> vec4f {
  return 2.0 * logistic(2.0 * z) - 1.0;
}

@if(gelu) const GELU_SCALE = 0.7978845608; // sqrt(2/pi)

fn activate(z: vec4f) -> vec4f {
  @if(silu) return z * logistic(z);
  @if(relu) return max(z, vec4f());
  @if(gelu) return 0.5 * z * (1.0 + hyperbolic_tangent(GELU_SCALE * (z + 0.044715 * z * z * z)));
  @if(tanh) return hyperbolic_tangent(z);
}

fn activation_slope(z: vec4f) -> vec4f {
  @if(silu) {
    let s = logistic(z);
    return s * (1.0 + z * (1.0 - s));
  }
  @if(relu) return select(vec4f(), vec4f(1.0), z > vec4f());
  @if(gelu) {
    let t = hyperbolic_tangent(GELU_SCALE * (z + 0.044715 * z * z * z));
    return 0.5 * (1.0 + t) + 0.5 * z * (1.0 - t * t) * GELU_SCALE * (1.0 + 0.134145 * z * z);
  }
  @if(tanh) {
    let t = hyperbolic_tangent(z);
    return 1.0 - t * t;
  }
}
