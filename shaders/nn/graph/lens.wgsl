// A value read through the last norm and the unembedding, at every position with a next token.
//
// Computes  with l = x W (+ b), x the normed value: rank 1 + sum [l_v > l_next]; log p_next = l_next - log sum exp l; entropy log sum exp l - sum p l; divergence from the
//           model's logits m, sum q (log q - log p), q = softmax m. 0 where there is no next token. No logits are kept.
// Bindings  1 x [position][WIDTH filled to fours]; 2 W [OUTPUTS][WIDTH] from number W_SKIP on; 3 m [position][OUTPUTS filled]; 4 b from number B_SKIP on (biased); 7
//           batch; 8 statistics [position].
// Widths    condition `w4`: W_SKIP and WIDTH are multiples of four.
// Workgroup BLOCK positions (unrolled r), its threads take tokens of the vocabulary in turn: a row of W is read once for all of them.
// Order     within a thread from the first token to the last (sums of powers above the greatest so far), then as a tree (lib/reduce.wgsl).
// Caller    ceil(positions / BLOCK) workgroups, counted row by row.
// Twin      lensOf of src/nn/graph/twin/statistics.ts.

import package::lib::reduce::{group_sum, group_sum4};
import package::nn::graph::batch::{id_of, row_of, row_start, token_count};
import constants::{WIDTH, OUTPUTS, W_SKIP, B_SKIP, BLOCK, WORKGROUP_THREADS};

@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@if(w4) @group(0) @binding(2) var<storage, read> w: array<vec4f>;
@if(!w4) @group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read> model: array<f32>;
@if(biased) @group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(8) var<storage, read_write> statistics: array<vec4f>;

const WIDTH4 = (WIDTH + 3u) / 4u;
const OUTPUT_STRIDE = (OUTPUTS + 3u) / 4u * 4u;
/// Below every logit.
const NOTHING = -1.0e30;

/// Greatest logit so far of each thread, and of the model's.
var<workgroup> peaks: array<vec2f, WORKGROUP_THREADS>;

/// Four numbers of a token's row; beyond its end they meet zeros.
fn w_at(token: u32, i: u32) -> vec4f {
  let row = W_SKIP + token * WIDTH;
  @if(w4) return w[row / 4u + i];
  @if(!w4) return vec4f(w[row + 4u * i], w[row + min(4u * i + 1u, WIDTH - 1u)], w[row + min(4u * i + 2u, WIDTH - 1u)], w[row + min(4u * i + 3u, WIDTH - 1u)]);
}

fn offset(token: u32) -> f32 {
  @if(biased) return bias[B_SKIP + token];
  @if(!biased) return 0.0;
}

/// What is summed over tokens: sum exp(l - top), sum exp(l - top)(l - top), sum exp(m - top_m), sum exp(m - top_m)((m - top_m) - (l - top)).
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

@compute @workgroup_size(WORKGROUP_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let first = (group.y * groups.x + group.x) * BLOCK;
  //! unroll r
  let p$r = min(first + $ru, token_count() - 1u);
  let wanted$r = first + $ru < token_count() && p$r + 1u < row_start(row_of(p$r) + 1u);
  let next$r = select(0u, id_of(min(p$r + 1u, token_count() - 1u)), wanted$r);
  var own$r = vec4f();
  var s$r = Sums(vec2f(NOTHING), vec4f());
  var above$r = 0.0;
  //! end
  for (var i = 0u; i < WIDTH4; i++) {
    //! unroll r
    own$r += w_at(next$r, i) * x[p$r * WIDTH4 + i];
    //! end
  }
  //! unroll r
  let asked$r = dot(own$r, vec4f(1.0)) + offset(next$r);
  //! end
  for (var v = local; v < OUTPUTS; v += WORKGROUP_THREADS) {
    //! unroll r
    var sum$r = vec4f();
    //! end
    for (var i = 0u; i < WIDTH4; i++) {
      let row = w_at(v, i);
      //! unroll r
      sum$r += row * x[p$r * WIDTH4 + i];
      //! end
    }
    //! unroll r
    let l$r = dot(sum$r, vec4f(1.0)) + offset(v);
    s$r = joined(s$r, l$r, model[p$r * OUTPUT_STRIDE + v]);
    above$r += select(0.0, 1.0, l$r > asked$r && v != next$r);
    //! end
  }
  //! unroll r
  peaks[local] = s$r.top;
  workgroupBarrier();
  var top$r = vec2f(NOTHING);
  for (var i = 0u; i < WORKGROUP_THREADS; i++) { top$r = max(top$r, peaks[i]); }
  workgroupBarrier();
  let all$r = group_sum4(raised(s$r, top$r), local);
  let rank$r = 1.0 + group_sum(above$r, local);
  if (local == 0u && first + $ru < token_count()) {
    let log_sum = log(all$r.x);
    let value = vec4f(rank$r, asked$r - top$r.x - log_sum, log_sum - all$r.y / all$r.x, all$r.w / all$r.z - log(all$r.z) + log_sum);
    statistics[p$r] = select(vec4f(), value, wanted$r);
  }
  //! end
}
