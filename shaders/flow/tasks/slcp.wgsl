// SLCP: theta ~ U(-3, 3)^5, s1 = theta3^2, s2 = theta4^2, rho = tanh theta5; four points (theta1 + s1 z1, theta2 + s2 (rho z1 + sqrt(1 - rho^2) z2)).
// Twin      src/workloads/flow/tasks/slcp.ts.

import package::flow::tasks::numbers::{noise_normal, prior_uniform};
import constants::{C, D};

fn draw(key: vec2u, index: u32, theta: ptr<function, array<f32, D>>, x: ptr<function, array<f32, C>>) {
  for (var i = 0u; i < D; i++) { (*theta)[i] = 6.0 * prior_uniform(key, index, i) - 3.0; }
  let s1 = (*theta)[2] * (*theta)[2];
  let s2 = (*theta)[3] * (*theta)[3];
  // tanh, and sqrt(1 - tanh^2) = 2 e^|t| / (1 + e^2|t|), through exp: WGSL promises 1e-5 only for its own tanh.
  let e = exp(-2.0 * abs((*theta)[4]));
  let rho = sign((*theta)[4]) * (1.0 - e) / (1.0 + e);
  let across = 2.0 * sqrt(e) / (1.0 + e);
  for (var j = 0u; j < 4u; j++) {
    let z1 = noise_normal(key, index, 2u * j);
    let z2 = noise_normal(key, index, 2u * j + 1u);
    (*x)[2u * j] = (*theta)[0] + s1 * z1;
    (*x)[2u * j + 1u] = (*theta)[1] + s2 * (rho * z1 + across * z2);
  }
}
