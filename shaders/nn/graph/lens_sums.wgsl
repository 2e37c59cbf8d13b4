// Sums over tokens of the vocabulary that a lens is read from.
//
// Computes  of logits l and the model's m: top = (greatest l, greatest m), and sum exp(l - top), sum exp(l - top)(l - top), sum exp(m - top'), sum exp(m - top')
//           ((m - top') - (l - top)): small differences of large logits are taken before they are summed.
// Bindings  none: a type and functions.
// Caller    nn/graph/lens.wgsl, nn/graph/lens_end.wgsl.
// Twin      lensOf of src/nn/graph/twin/statistics.ts.

/// Below every logit.
const NOTHING = -1.0e30;

struct Sums { top: vec2f, sums: vec4f }

/// The same sums with higher tops.
fn raised(s: Sums, top: vec2f) -> vec4f {
  let by = s.top - top;
  let factors = exp(by);
  return vec4f(
    factors.x * s.sums.x,
    factors.x * (s.sums.y + by.x * s.sums.x),
    factors.y * s.sums.z,
    factors.y * (s.sums.w + (by.y - by.x) * s.sums.z),
  );
}

fn joined(s: Sums, l: f32, m: f32) -> Sums {
  let top = max(s.top, vec2f(l, m));
  let e = exp(vec2f(l, m) - top);
  return Sums(top, raised(s, top) + vec4f(e.x, e.x * (l - top.x), e.y, e.y * ((m - top.y) - (l - top.x))));
}
