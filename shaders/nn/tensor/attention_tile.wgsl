// Softmax attention over the genes of a cell, a workgroup for the queries of a head: keys and values in tiles of workgroup memory. For GPUs.
//
// Computes  o_i = sum over j of p_ij v_j, p_i = softmax of q_i k_j / sqrt(4 HEAD4); online, four keys at a time, no GENES x GENES matrix. Condition causal: j <= i.
//                                                                       T. Dao et al., FlashAttention, NeurIPS 2022, algorithm 1
// Bindings  those of nn/tensor/attention.wgsl.
// Workgroup ATTENTION_THREADS threads, a query each, of one cell and head; QUERY_GROUPS workgroups a cell and head. Condition listed: of the listed rows only, work[2] of
//           them.
// Memory    TILE_KEYS keys and values, 4 HEAD4 numbers each, in f32 (type f16 in half). TILE_KEYS is a multiple of four.
// Order     over the keys from the first to the last by fours, each four as (0 + 1) + (2 + 3): bits hang on no size. Scores, softmax and sums are f32.
// Caller    one workgroup each of active cells x HEADS x groups, counted row by row; unrolls h HEAD4 times.
// Twin      attention of src/nn/tensor/attention-twin.ts.

import package::nn::tensor::packed::{packed4, unpacked4};
import package::nn::tensor::work::{listed_row, start_of, work};
import constants::{GENES, HEADS, HEAD4, HEAD_SCALE, QUERY_GROUPS, ATTENTION_THREADS, TILE_KEYS};

@if(half) @group(0) @binding(0) var<storage, read> qkv: array<vec4<f16>>;
@if(!half && packed) @group(0) @binding(0) var<storage, read> qkv: array<vec2u>;
@if(!half && !packed) @group(0) @binding(0) var<storage, read> qkv: array<vec4f>;
@if(packed) @group(0) @binding(4) var<storage, read_write> output: array<vec2u>;
@if(!packed) @group(0) @binding(4) var<storage, read_write> output: array<vec4f>;

const WIDTH4 = HEADS * HEAD4;
/// Below every score.
const LEAST = -3.0e38;

@if(half) var<workgroup> keys: array<vec4<f16>, TILE_KEYS * HEAD4>;
@if(half) var<workgroup> values: array<vec4<f16>, TILE_KEYS * HEAD4>;
@if(!half) var<workgroup> keys: array<vec4f, TILE_KEYS * HEAD4>;
@if(!half) var<workgroup> values: array<vec4f, TILE_KEYS * HEAD4>;

@if(half) fn qkv_at(at: u32) -> vec4<f16> { return qkv[at]; }
@if(!half && packed) fn qkv_at(at: u32) -> vec4f { return unpacked4(qkv[at]); }
@if(!half && !packed) fn qkv_at(at: u32) -> vec4f { return qkv[at]; }

fn added(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }
fn largest(v: vec4f) -> f32 { return max(max(v.x, v.y), max(v.z, v.w)); }

@compute @workgroup_size(ATTENTION_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let number = group.y * groups.x + group.x;
  @if(listed) let shares = work[2];
  @if(!listed) let shares = QUERY_GROUPS;
  let b = number / (HEADS * shares);
  let head = number / shares % HEADS;
  // The grid may have more workgroups than there are.
  if (b >= work[0]) { return; }
  @if(listed) let begin = start_of(b);
  @if(listed) let count = start_of(b + 1u) - begin;
  @if(!listed) let begin = b * GENES;
  @if(!listed) let count = GENES;
  let first = number % shares * ATTENTION_THREADS;
  if (first >= count) { return; }
  let query = min(first + local, count - 1u);
  @if(listed) let row = listed_row(begin + query);
  @if(!listed) let row = begin + query;
  //! unroll h
  let q$h = HEAD_SCALE * vec4f(qkv_at(row * 3u * WIDTH4 + head * HEAD4 + $hu));
  var sum$h = vec4f();
  //! end
  var most = LEAST;
  var total = 0.0;
  let from_ = (b * GENES * 3u + 1u) * WIDTH4 + head * HEAD4;
  for (var tile = 0u; tile < GENES; tile += TILE_KEYS) {
    for (var v = local; v < TILE_KEYS * HEAD4; v += ATTENTION_THREADS) {
      let at = from_ + min(tile + v / HEAD4, GENES - 1u) * 3u * WIDTH4 + v % HEAD4;
      keys[v] = qkv_at(at);
      values[v] = qkv_at(at + WIDTH4);
    }
    workgroupBarrier();
    let end = min(TILE_KEYS, GENES - tile);
    for (var key = 0u; key < end; key += 4u) {
      let seen = vec4u(tile + key) + vec4u(0u, 1u, 2u, 3u);
      //! unroll k
      var s$k = vec4f();
      //! unroll h
      s$k += q$h * vec4f(keys[(key + $ku) * HEAD4 + $hu]);
      //! end
      //! end
      @if(causal) let hidden = seen > vec4u(row - b * GENES);
      @if(!causal) let hidden = seen >= vec4u(GENES);
      let score = select(vec4f(added(s0), added(s1), added(s2), added(s3)), vec4f(LEAST), hidden);
      let higher = max(most, largest(score));
      let shrink = exp(most - higher);
      let p = select(exp(score - higher), vec4f(), hidden);
      total = total * shrink + added(p);
      most = higher;
      //! unroll h
      sum$h = sum$h * shrink + ((p.x * vec4f(values[key * HEAD4 + $hu]) + p.y * vec4f(values[(key + 1u) * HEAD4 + $hu]))
        + (p.z * vec4f(values[(key + 2u) * HEAD4 + $hu]) + p.w * vec4f(values[(key + 3u) * HEAD4 + $hu])));
      //! end
    }
    workgroupBarrier();
  }
  if (first + local < count) {
    //! unroll h
    @if(packed) { output[row * WIDTH4 + head * HEAD4 + $hu] = packed4(sum$h / total); }
    @if(!packed) { output[row * WIDTH4 + head * HEAD4 + $hu] = sum$h / total; }
    //! end
  }
}
