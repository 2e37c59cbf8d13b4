// Dual numbers: with condition dual the four lanes of a vec4f are one sample and its derivatives in three directions, not four samples.
//
// Computes  phi of such a number, (phi(z), phi'(z) dz); and what depends on no direction. Products with weights are the same for both, so that the
//           perceptron needs nothing else to be differentiated forwards.
// Bindings  none: functions only.
// Twin      src/nn/mlp-tangent.ts.

import package::nn::activation::{activate, activation_slope};

/// A number that is the same in every direction.
fn fixed(value: vec4f) -> vec4f {
  @if(dual) return vec4f(value.x, 0.0, 0.0, 0.0);
  @if(!dual) return value;
}

fn phi(z: vec4f) -> vec4f {
  @if(dual) {
    let at = vec4f(z.x);
    return select(activation_slope(at) * z, activate(at), vec4<bool>(true, false, false, false));
  }
  @if(!dual) return activate(z);
}
