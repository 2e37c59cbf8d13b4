// Softmax attention over the genes of a cell that keeps what its backward pass needs: the logarithm of every softmax's sum.
//
// Computes  o_i = sum over j of p_ij v_j, p_ij = exp(s_ij - l_i), s_ij = q_i k_j / sqrt(4 HEAD4), l_i = log sum exp s_ij: online, four keys at a time, no
//           genes x genes matrix.                                       T. Dao et al., FlashAttention, NeurIPS 2022, algorithm 1
// Bindings  0 qkv (attention_rows.wgsl); 1 output [cells GENES][HEADS][4 HEAD4]; 2 log_sums [cells][HEADS][4 GENES4].
// Thread    QUERIES queries (unrolled i) of one head of one cell.
// Order     over the keys from the first to the last, by fours; condition causal: those of a query end with itself.
// Caller    one thread each of CELLS HEADS ceil(GENES / QUERIES), workgroups counted row by row; unrolls h HEAD4 times.
// Twin      attention of src/nn/tensor/attention-twin.ts.

import package::nn::tensor::attention_rows::{GENES4, HEAD_ROOT, WIDTH4, keys_end, place, qkv_at, row_place, seen};
import constants::{CELLS, GENES, HEADS, HEAD4, QUERIES, ATTENTION_THREADS};

@group(0) @binding(1) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> log_sums: array<f32>;

const BLOCKS = (GENES + QUERIES - 1u) / QUERIES;
const LEAST = -3.0e38;

@compute @workgroup_size(ATTENTION_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * ATTENTION_THREADS + local;
  if (index >= CELLS * HEADS * BLOCKS) { return; }
  let first = QUERIES * (index % BLOCKS);
  let head = (index / BLOCKS) % HEADS;
  let cell = index / (BLOCKS * HEADS);
  //! unroll i
  let from$i = place(cell, head, 0u, first + $iu);
  var most$i = LEAST;
  var sum$i = 0.0;
  //! unroll h
  let q$i_$h = qkv_at(from$i + $hu) / HEAD_ROOT;
  var o$i_$h = vec4f();
  //! end
  //! end
  for (var j = 0u; j < keys_end(first, QUERIES); j += 4u) {
    let ka = place(cell, head, 1u, j); let kb = place(cell, head, 1u, j + 1u);
    let kc = place(cell, head, 1u, j + 2u); let kd = place(cell, head, 1u, j + 3u);
    //! unroll i
    var s$i = vec4f();
    //! end
    //! unroll h
    let a$h = qkv_at(ka + $hu); let b$h = qkv_at(kb + $hu); let c$h = qkv_at(kc + $hu); let d$h = qkv_at(kd + $hu);
    //! unroll i
    s$i = s$i + vec4f(dot(q$i_$h, a$h), dot(q$i_$h, b$h), dot(q$i_$h, c$h), dot(q$i_$h, d$h));
    //! end
    //! end
    //! unroll i
    let there$i = seen(j, first + $iu);
    let t$i = select(vec4f(LEAST), s$i, there$i);
    let more$i = max(most$i, max(max(t$i.x, t$i.y), max(t$i.z, t$i.w)));
    let shrink$i = exp(most$i - more$i);
    let p$i = select(vec4f(), exp(t$i - more$i), there$i);
    sum$i = sum$i * shrink$i + ((p$i.x + p$i.y) + (p$i.z + p$i.w));
    most$i = more$i;
    //! end
    //! unroll h
    let va$h = qkv_at(ka + WIDTH4 + $hu); let vb$h = qkv_at(kb + WIDTH4 + $hu);
    let vc$h = qkv_at(kc + WIDTH4 + $hu); let vd$h = qkv_at(kd + WIDTH4 + $hu);
    //! unroll i
    o$i_$h = o$i_$h * shrink$i + (p$i.x * va$h + p$i.y * vb$h + p$i.z * vc$h + p$i.w * vd$h);
    //! end
    //! end
  }
  //! unroll i
  if (first + $iu < GENES) {
    log_sums[(cell * HEADS + head) * 4u * GENES4 + first + $iu] = most$i + log(sum$i);
    let to$i = row_place(cell, head, first + $iu);
    //! unroll h
    output[to$i + $hu] = o$i_$h / sum$i;
    //! end
  }
  //! end
}
