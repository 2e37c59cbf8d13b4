// Adjoint that single outputs begin with, in the output itself, or past the last product in what it reads.
//
// Computes  adjoint[t][index] + weight for every pick (condition dense); else adjoint[t][n] + sum over the picks of t of weight W(n, index): only what is not 0 of
//           z' Wᵀ.
// Bindings  1 W (matrix.wgsl; unless dense), with a row for every n (condition down) or for every output; 2 picks: how many tokens, then where the picks of each
//           begin and the last end, the tokens, and in pairs index and, as bits, weight; 8 adjoint [tokens][4 WIDTH4] (sink_numbers.wgsl, condition accumulate).
// Thread    a token that picks name, and one of its columns (dense: the token).
// Order     over the picks of a token in theirs.
// Caller    one thread each of tokens 4 WIDTH4 (dense: of tokens), workgroups counted row by row; the adjoint is 0 before.
// Twin      the seeds of src/nn/graph/twin.

@if(!dense) import package::nn::graph::matrix::w_number;
import package::nn::graph::sink_numbers::put_number;
import constants::{WIDTH, WIDTH4, W_SKIP, W_WIDTH, THREADS};

@group(0) @binding(2) var<storage, read> picks: array<u32>;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * THREADS + local;
  let tokens = picks[0];
  @if(dense) let i = index;
  @if(!dense) let i = index / WIDTH;
  if (i >= tokens) { return; }
  let pairs = 2u + 2u * tokens;
  let at = picks[2u + tokens + i] * 4u * WIDTH4;
  @if(dense) {
    for (var pick = picks[1u + i]; pick < picks[2u + i]; pick++) {
      put_number(at + picks[pairs + 2u * pick], bitcast<f32>(picks[pairs + 2u * pick + 1u]));
    }
  }
  @if(!dense) {
    let n = index % WIDTH;
    var sum = 0.0;
    for (var pick = picks[1u + i]; pick < picks[2u + i]; pick++) {
      let output = picks[pairs + 2u * pick];
      @if(down) let weight = w_number(W_SKIP + n * W_WIDTH, output);
      @if(!down) let weight = w_number(W_SKIP + output * W_WIDTH, n);
      sum += bitcast<f32>(picks[pairs + 2u * pick + 1u]) * weight;
    }
    put_number(at + n, sum);
  }
}
