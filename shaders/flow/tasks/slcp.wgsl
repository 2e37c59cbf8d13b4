// SLCP: theta ~ U(-3, 3)^5, s1 = theta3^2, s2 = theta4^2, rho = tanh theta5; four points (theta1 + s1 z1, theta2 + s2 (rho z1 + sqrt(1 - rho^2) z2)).
//           x are five sufficient statistics of them: means, log(A11) / 2, log(A22) / 2, artanh r, with A the sums of squares about the means. They are
//           those of z, scaled: nothing is lost where s1 or s2 is small beside the means.
// Twin      src/workloads/flow/tasks/slcp.ts and summary.ts.

import package::flow::tasks::box::prior_box;
import package::flow::tasks::numbers::noise_normal;
import constants::{C, D};

fn draw(key: vec2u, index: u32, theta: ptr<function, array<f32, D>>, x: ptr<function, array<f32, C>>) {
  for (var i = 0u; i < D; i++) { (*theta)[i] = prior_box(key, index, i, 3.0); }
  // tanh, and sqrt(1 - tanh^2) = 2 e^|t| / (1 + e^2|t|), through exp: WGSL promises 1e-5 only for its own tanh.
  let e = exp(-2.0 * abs((*theta)[4]));
  let rho = sign((*theta)[4]) * (1.0 - e) / (1.0 + e);
  let across = 2.0 * sqrt(e) / (1.0 + e);
  var z1: vec4f;
  var z2: vec4f;
  for (var j = 0u; j < 4u; j++) {
    z1[j] = noise_normal(key, index, 2u * j);
    z2[j] = noise_normal(key, index, 2u * j + 1u);
  }
  let mean1 = dot(z1, vec4f(0.25));
  let mean2 = dot(z2, vec4f(0.25));
  let d1 = z1 - mean1;
  let d2 = z2 - mean2;
  // Second coordinates of the points about their mean, over s2; and the part of z2 that z1 does not explain, which has the determinant.
  let second = rho * d1 + across * d2;
  let rest = d2 - dot(d1, d2) / dot(d1, d1) * d1;
  let sinh_artanh = dot(d1, second) / (across * sqrt(dot(d1, d1) * dot(rest, rest)));
  (*x)[0] = (*theta)[0] + (*theta)[2] * (*theta)[2] * mean1;
  (*x)[1] = (*theta)[1] + (*theta)[3] * (*theta)[3] * (rho * mean1 + across * mean2);
  (*x)[2] = 2.0 * log(abs((*theta)[2])) + 0.5 * log(dot(d1, d1));
  (*x)[3] = 2.0 * log(abs((*theta)[3])) + 0.5 * log(dot(second, second));
  (*x)[4] = sign(sinh_artanh) * log(abs(sinh_artanh) + sqrt(sinh_artanh * sinh_artanh + 1.0));
}
