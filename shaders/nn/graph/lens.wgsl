// A value read through the last norm and the unembedding: sums over runs of the vocabulary, of every position.
//
// Computes  of RUN tokens v of the vocabulary, with l = x W (+ b), x the normed value, and the model's logits m: their greatest l and m (top); how many other l are
//           greater than that of the next token, and the next token's l; and sum exp(l - top), sum exp(l - top)(l - top), sum exp(m - top'), sum exp(m - top')
//           ((m - top') - (l - top)). No logits are kept.
// Bindings  1 x [position][WIDTH filled to fours]; 2 W [OUTPUTS][WIDTH] from number W_SKIP on; 3 m [position][OUTPUTS filled]; 4 b from number B_SKIP on (biased); 7
//           batch; 8 parts [position][RUNS][2 vectors].
// Widths    condition `w4`: W_SKIP and WIDTH are multiples of four.
// Workgroup BLOCK positions (unrolled r) and a run; its threads take tokens in turn: a row of W is read once for all positions.
// Order     within a thread from the first token to the last (sums of powers above the greatest so far), then as a tree (lib/reduce.wgsl).
// Caller    ceil(positions / BLOCK) RUNS workgroups, counted row by row; then lens_end.wgsl.
// Twin      lensOf of src/nn/graph/twin/statistics.ts.

import package::lib::reduce::{group_sum, group_sum4};
import package::nn::graph::batch::{id_of, row_of, row_start, token_count};
import package::nn::graph::lens_sums::{NOTHING, Sums, joined, raised};
import constants::{WIDTH, OUTPUTS, RUN, RUNS, W_SKIP, B_SKIP, BLOCK, WORKGROUP_THREADS};

@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@if(w4) @group(0) @binding(2) var<storage, read> w: array<vec4f>;
@if(!w4) @group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read> model: array<f32>;
@if(biased) @group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(8) var<storage, read_write> parts: array<vec4f>;

const WIDTH4 = (WIDTH + 3u) / 4u;
const OUTPUT_STRIDE = (OUTPUTS + 3u) / 4u * 4u;
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

@compute @workgroup_size(WORKGROUP_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let number = group.y * groups.x + group.x;
  let run = number % RUNS;
  let first = number / RUNS * BLOCK;
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
  let end = min((run + 1u) * RUN, OUTPUTS);
  for (var v = run * RUN + local; v < end; v += WORKGROUP_THREADS) {
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
  let count$r = group_sum(above$r, local);
  if (local == 0u && first + $ru < token_count()) {
    parts[2u * (p$r * RUNS + run)] = vec4f(top$r, count$r, asked$r);
    parts[2u * (p$r * RUNS + run) + 1u] = all$r;
  }
  //! end
}
