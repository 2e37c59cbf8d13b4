// The first task: a uniform prior and a shift with Gaussian noise.
//
// Computes  theta ~ U(-2, 2)^3, x = theta + 1 + 0.1 N(0, I)
// Random    counter (index, i): word x gives theta_i, word y the noise.
// Twin      src/workloads/flow/tasks/gaussian.ts.

import package::lib::normal::normal_from_bits;
import package::lib::rng::{threefry2x32, uniform01};
import constants::{C, D};

fn draw(key: vec2u, index: u32, theta: ptr<function, array<f32, D>>, x: ptr<function, array<f32, C>>) {
  for (var i = 0u; i < D; i++) {
    let words = threefry2x32(key, vec2u(index, i));
    let value = 4.0 * uniform01(words.x) - 2.0;
    (*theta)[i] = value;
    (*x)[i] = value + 1.0 + 0.1 * normal_from_bits(words.y);
  }
}
