// Gaussian: theta ~ U(-2, 2)^3, x = theta + 1 + 0.1 z.
// Twin      src/workloads/flow/tasks/gaussian.ts.

import package::flow::tasks::box::prior_box;
import package::flow::tasks::numbers::noise_normal;
import constants::{C, D};

fn draw(key: vec2u, index: u32, theta: ptr<function, array<f32, D>>, x: ptr<function, array<f32, C>>) {
  for (var i = 0u; i < D; i++) {
    let value = prior_box(key, index, i, 2.0);
    (*theta)[i] = value;
    (*x)[i] = value + 1.0 + 0.1 * noise_normal(key, index, i);
  }
}
