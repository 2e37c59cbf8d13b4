// Shear: g1 ~ N(0.02, 0.05^2), g2 ~ N(-0.01, 0.05^2), position in px ~ U(-0.5, 0.5)^2; x = S(g1, g2, position) + z. S_k is a sum of products of Chebyshev
//           polynomials T_a(g1 / 0.25) T_b(g2 / 0.25) T_c(2 px) T_d(2 py), a + b + c + d <= 6.
// Bindings  12 coefficients of S: [a, b, c, d][4] fours of summaries, d fastest; the last two are padding. Sums are vectors, not an array: lavapipe
//           takes four times as long over one that is indexed in a loop.
// Twin      src/workloads/flow/tasks/shear.ts and shear/emulator.ts.

import package::flow::tasks::numbers::{noise_normal, prior_normal, prior_uniform};
import package::flow::tasks::table::table;
import constants::{C, D};

const DEGREE = 6u;
const STRIDE = DEGREE + 1u;

fn draw(key: vec2u, index: u32, theta: ptr<function, array<f32, D>>, x: ptr<function, array<f32, C>>) {
  (*theta)[0] = 0.02 + 0.05 * prior_normal(key, index, 0u);
  (*theta)[1] = -0.01 + 0.05 * prior_normal(key, index, 1u);
  let at = vec4f(
    4.0 * (*theta)[0],
    4.0 * (*theta)[1],
    2.0 * prior_uniform(key, index, 2u) - 1.0,
    2.0 * prior_uniform(key, index, 3u) - 1.0,
  );
  var chebyshev: array<vec4f, STRIDE>;
  chebyshev[0] = vec4f(1.0);
  chebyshev[1] = at;
  for (var n = 2u; n <= DEGREE; n++) { chebyshev[n] = 2.0 * at * chebyshev[n - 1u] - chebyshev[n - 2u]; }
  var s0 = vec4f();
  var s1 = vec4f();
  var s2 = vec4f();
  var s3 = vec4f();
  var term = 0u;
  for (var a = 0u; a <= DEGREE; a++) {
    for (var b = 0u; b <= DEGREE - a; b++) {
      for (var c = 0u; c <= DEGREE - a - b; c++) {
        let first = chebyshev[a].x * chebyshev[b].y * chebyshev[c].z;
        for (var d = 0u; d <= DEGREE - a - b - c; d++) {
          let product = first * chebyshev[d].w;
          s0 += table[term] * product;
          s1 += table[term + 1u] * product;
          s2 += table[term + 2u] * product;
          s3 += table[term + 3u] * product;
          term += 4u;
        }
      }
    }
  }
  let sums = array(s0, s1, s2, s3);
  for (var k = 0u; k < C; k++) { (*x)[k] = sums[k / 4u][k % 4u] + noise_normal(key, index, k); }
}
