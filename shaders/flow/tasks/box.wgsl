// Parameters of a box prior, with Gaussian shoulders beyond its edges where a training has them.
//
// Computes  the quantile of a density that is level from -half to half and falls beyond like a Gaussian of standard deviation SHOULDER.
// Bindings  none: functions only.
// Twin      `onShoulders` of src/workloads/flow/tasks/prior.ts.

import package::flow::tasks::numbers::{PRIOR, word};
import package::lib::normal::normal_quantile;
import constants::SHOULDER;

/// Parameter i of simulation `index`: U(-half, half) where SHOULDER is 0.
fn prior_box(key: vec2u, index: u32, i: u32, half: f32) -> f32 {
  // 2^24 (2 u - 1), exact: both shoulders keep their digits.
  let odd = 2 * i32(word(key, index, PRIOR, i) >> 8u) - 16777215;
  let tail = SHOULDER * 1.2533141; // sqrt(pi / 2)
  var away = (half + tail) * (f32(abs(odd)) * 0x1p-24f);
  if (away > half) {
    let beyond = (half + tail) * (f32(16777216 - abs(odd)) * 0x1p-24f);
    away = half - SHOULDER * normal_quantile(0.5 * beyond / tail);
  }
  return select(away, -away, odd < 0);
}
