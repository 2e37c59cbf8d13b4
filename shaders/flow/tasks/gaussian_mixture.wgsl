// Gaussian mixture: theta ~ U(-10, 10)^2, x = theta + s z, s = 1 or 0.1 by the top bit of noise word 2.
// Twin      src/workloads/flow/tasks/gaussian-mixture.ts.

import package::flow::tasks::box::prior_box;
import package::flow::tasks::numbers::{NOISE, noise_normal, word};
import constants::{C, D};

fn draw(key: vec2u, index: u32, theta: ptr<function, array<f32, D>>, x: ptr<function, array<f32, C>>) {
  let sd = select(1.0, 0.1, (word(key, index, NOISE, D) >> 31u) == 1u);
  for (var i = 0u; i < D; i++) {
    let value = prior_box(key, index, i, 10.0);
    (*theta)[i] = value;
    (*x)[i] = value + sd * noise_normal(key, index, i);
  }
}
