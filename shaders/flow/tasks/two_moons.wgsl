// Two moons: theta ~ U(-1, 1)^2, a = pi (u - 1/2), r = 0.1 + 0.01 z, p = (r cos a + 0.25, r sin a), x = p + (-|theta1 + theta2|, theta2 - theta1) / sqrt 2.
// Twin      src/workloads/flow/tasks/two-moons.ts.

import package::flow::tasks::box::prior_box;
import package::flow::tasks::numbers::{noise_normal, noise_uniform};
import package::lib::trig::{cos_half_turns, sin_half_turns};
import constants::{C, D};

const HALF_SQRT2 = 0.70710678;

fn draw(key: vec2u, index: u32, theta: ptr<function, array<f32, D>>, x: ptr<function, array<f32, C>>) {
  let a = prior_box(key, index, 0u, 1.0);
  let b = prior_box(key, index, 1u, 1.0);
  (*theta)[0] = a;
  (*theta)[1] = b;
  // With angle pi (u - 1/2): cos = sin(pi u), sin = -cos(pi u).
  let turns = vec4f(noise_uniform(key, index, 0u));
  let radius = 0.1 + 0.01 * noise_normal(key, index, 1u);
  (*x)[0] = radius * sin_half_turns(turns).x + 0.25 - abs(a + b) * HALF_SQRT2;
  (*x)[1] = -radius * cos_half_turns(turns).x + (b - a) * HALF_SQRT2;
}
