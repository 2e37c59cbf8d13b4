// Gaussian linear: theta ~ N(0, 0.1 I), x ~ N(theta, 0.1 I); 0.1 is a variance.
// Twin      src/workloads/flow/tasks/gaussian-linear.ts.

import package::flow::tasks::numbers::{noise_normal, prior_normal};
import constants::{C, D};

const SD = 0.31622777;

fn draw(key: vec2u, index: u32, theta: ptr<function, array<f32, D>>, x: ptr<function, array<f32, C>>) {
  for (var i = 0u; i < D; i++) {
    let value = SD * prior_normal(key, index, i);
    (*theta)[i] = value;
    (*x)[i] = value + SD * noise_normal(key, index, i);
  }
}
