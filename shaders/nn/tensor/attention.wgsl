// Softmax attention over the genes of a cell, each thread some queries of a head: no barriers, no workgroup memory. For software adapters.
//
// Computes  o_i = sum over j of p_ij v_j, p_i = softmax of q_i k_j / sqrt(4 HEAD4); online, four keys at a time, no GENES x GENES matrix. Condition causal: j <= i.
//                                                                       T. Dao et al., FlashAttention, NeurIPS 2022, algorithm 1
// Bindings  0 qkv [..][3][HEADS][4 HEAD4], in f32, packed (conditions packed, bf16) or type f16 (half); 3 work (nn/tensor/work.wgsl); 4 o [..][HEADS][4 HEAD4],
//           packed as qkv.
// Workgroup ATTENTION_THREADS threads, whole subgroups in quads.
// Thread    QUERIES queries (unrolled i) of one head of a cell; QUERY_GROUPS threads a cell and head, a multiple of four in quads. Condition listed: of the
//           listed rows only, work[2] threads a cell and head.
// Quads     condition quads: each lane loads a quarter of the keys and values and swaps them with the others.
// Order     over the keys from the first to the last by fours, each four as (0 + 1) + (2 + 3): equal bits whichever queries share a thread. Scores, softmax and
//           sums are f32; q is scaled before the product.
// Caller    one thread each of active cells x HEADS x groups, workgroups counted row by row; unrolls h HEAD4 times.
// Twin      attention of src/nn/tensor/attention-twin.ts.

import package::nn::tensor::packed::{packed4, unpacked4};
import package::nn::tensor::work::{listed_row, start_of, work};
import constants::{GENES, HEADS, HEAD4, HEAD_SCALE, QUERIES, QUERY_GROUPS, ATTENTION_THREADS};

@if(half) @group(0) @binding(0) var<storage, read> qkv: array<vec4<f16>>;
@if(!half && packed) @group(0) @binding(0) var<storage, read> qkv: array<vec2u>;
@if(!half && !packed) @group(0) @binding(0) var<storage, read> qkv: array<vec4f>;
@if(packed) @group(0) @binding(4) var<storage, read_write> output: array<vec2u>;
@if(!packed) @group(0) @binding(4) var<storage, read_write> output: array<vec4f>;

const WIDTH4 = HEADS * HEAD4;
/// Below every score.
const LEAST = -3.0e38;

@if(half) fn qkv_at(at: u32) -> vec4f { return vec4f(qkv[at]); }
@if(!half && packed) fn qkv_at(at: u32) -> vec4f { return unpacked4(qkv[at]); }
@if(!half && !packed) fn qkv_at(at: u32) -> vec4f { return qkv[at]; }

fn added(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }
fn largest(v: vec4f) -> f32 { return max(max(v.x, v.y), max(v.z, v.w)); }

@compute @workgroup_size(ATTENTION_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
  @if(quads) @builtin(subgroup_invocation_id) lane: u32,
) {
  let number = (group.y * groups.x + group.x) * ATTENTION_THREADS + local;
  @if(listed) let shares = work[2];
  @if(!listed) let shares = QUERY_GROUPS;
  let b = min(number / (HEADS * shares), work[0] - 1u);
  let head = number / shares % HEADS;
  // Queries of the cell, the first of this thread, and how many there are.
  @if(listed) let begin = start_of(b);
  @if(listed) let count = start_of(b + 1u) - begin;
  @if(!listed) let begin = b * GENES;
  @if(!listed) let count = GENES;
  let first = number % shares * QUERIES;
  let present = number < work[0] * HEADS * shares && first < count;
  @if(!quads) { if (!present) { return; } }
  //! unroll i
  @if(listed) let row$i = listed_row(begin + min(first + $iu, max(count, 1u) - 1u));
  @if(!listed) let row$i = begin + min(first + $iu, count - 1u);
  var most$i = LEAST;
  var total$i = 0.0;
  //! unroll h
  let q$i_$h = HEAD_SCALE * qkv_at(row$i * 3u * WIDTH4 + head * HEAD4 + $hu);
  var sum$i_$h = vec4f();
  //! end
  //! end
  let keys = (b * GENES * 3u + 1u) * WIDTH4 + head * HEAD4;
  for (var key = 0u; key < GENES; key += 4u) {
    @if(quads) let seen = vec4u(key) + (vec4u(0u, 1u, 2u, 3u) ^ vec4u(lane));
    @if(!quads) let seen = vec4u(key) + vec4u(0u, 1u, 2u, 3u);
    @if(quads) let at = keys + min(seen.x, GENES - 1u) * 3u * WIDTH4;
    @if(!quads) let at = keys + min(seen, vec4u(GENES - 1u)) * (3u * WIDTH4);
    //! unroll i
    //! unroll k
    var s$i_$k = vec4f();
    //! end
    //! end
    //! unroll h
    @if(quads) {
      let k0 = qkv_at(at + $hu);
      let k1 = quadSwapX(k0);
      let k2 = quadSwapY(k0);
      let k3 = quadSwapDiagonal(k0);
      //! unroll i
      s$i_0 = fma(q$i_$h, k0, s$i_0); s$i_1 = fma(q$i_$h, k1, s$i_1); s$i_2 = fma(q$i_$h, k2, s$i_2); s$i_3 = fma(q$i_$h, k3, s$i_3);
      //! end
    }
    @if(!quads) {
      //! unroll k
      let k$k = qkv_at(at[$k] + $hu);
      //! end
      //! unroll i
      //! unroll k
      s$i_$k = fma(q$i_$h, k$k, s$i_$k);
      //! end
      //! end
    }
    //! end
    //! unroll i
    @if(causal) let hidden$i = seen > vec4u(row$i - b * GENES);
    @if(!causal) let hidden$i = seen >= vec4u(GENES);
    let score$i = select(vec4f(added(s$i_0), added(s$i_1), added(s$i_2), added(s$i_3)), vec4f(LEAST), hidden$i);
    let higher$i = max(most$i, largest(score$i));
    let shrink$i = exp(most$i - higher$i);
    let p$i = select(exp(score$i - higher$i), vec4f(), hidden$i);
    total$i = total$i * shrink$i + added(p$i);
    most$i = higher$i;
    //! end
    //! unroll h
    @if(quads) {
      let v0 = qkv_at(at + WIDTH4 + $hu);
      let v1 = quadSwapX(v0);
      let v2 = quadSwapY(v0);
      let v3 = quadSwapDiagonal(v0);
      //! unroll i
      sum$i_$h = sum$i_$h * shrink$i + (fma(vec4f(p$i.x), v0, p$i.y * v1) + fma(vec4f(p$i.z), v2, p$i.w * v3));
      //! end
    }
    @if(!quads) {
      //! unroll k
      let v$k = qkv_at(at[$k] + WIDTH4 + $hu);
      //! end
      //! unroll i
      sum$i_$h = sum$i_$h * shrink$i + (fma(vec4f(p$i.x), v0, p$i.y * v1) + fma(vec4f(p$i.z), v2, p$i.w * v3));
      //! end
    }
    //! end
  }
  //! unroll i
  if (present && first + $iu < count) {
    //! unroll h
    @if(packed) { output[row$i * WIDTH4 + head * HEAD4 + $hu] = packed4(sum$i_$h / total$i); }
    @if(!packed) { output[row$i * WIDTH4 + head * HEAD4 + $hu] = sum$i_$h / total$i; }
    //! end
  }
  //! end
}
