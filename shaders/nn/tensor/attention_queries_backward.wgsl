// Backward of attention by the queries, from recomputed weights.
//
// Computes  D_i = do_i o_i; dq_i = sum over j of p_ij (do_i v_j - D_i) k_j / sqrt(4 HEAD4), p_ij = exp(s_ij - l_i). No genes x genes matrix.
//                                                                       T. Dao et al., FlashAttention, NeurIPS 2022, algorithm 4
// Bindings  0 qkv (attention_rows.wgsl); 1 output, 2 doutput [cells GENES][HEADS][4 HEAD4]; 3 log_sums, 4 along (D) [cells][HEADS][4 GENES4]; 5 dqkv, as qkv
//           in f32: its q.
// Thread    QUERIES queries (unrolled i) of one head of one cell.
// Order     over the keys from the first to the last, by fours; condition causal: those of a query end with itself.
// Caller    one thread each of CELLS HEADS ceil(GENES / QUERIES), workgroups counted row by row; unrolls h HEAD4 times.
// Twin      attentionBackward of src/nn/tensor/attention-twin.ts.

import package::nn::tensor::attention_rows::{GENES4, HEAD_ROOT, WIDTH4, keys_end, place, qkv_at, row_place, seen};
import constants::{CELLS, GENES, HEADS, HEAD4, QUERIES, ATTENTION_THREADS};

@group(0) @binding(1) var<storage, read> output: array<vec4f>;
@group(0) @binding(2) var<storage, read> doutput: array<vec4f>;
@group(0) @binding(3) var<storage, read> log_sums: array<f32>;
@group(0) @binding(4) var<storage, read_write> along: array<f32>;
@group(0) @binding(5) var<storage, read_write> dqkv: array<vec4f>;

const BLOCKS = (GENES + QUERIES - 1u) / QUERIES;

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
  let sums = (cell * HEADS + head) * 4u * GENES4;
  //! unroll i
  let from$i = place(cell, head, 0u, first + $iu);
  let row$i = row_place(cell, head, first + $iu);
  let l$i = log_sums[sums + min(first + $iu, GENES - 1u)];
  var along$i = 0.0;
  //! unroll h
  let q$i_$h = qkv_at(from$i + $hu) / HEAD_ROOT;
  let e$i_$h = doutput[row$i + $hu];
  along$i = along$i + dot(e$i_$h, output[row$i + $hu]);
  var g$i_$h = vec4f();
  //! end
  //! end
  for (var j = 0u; j < keys_end(first, QUERIES); j += 4u) {
    let ka = place(cell, head, 1u, j); let kb = place(cell, head, 1u, j + 1u);
    let kc = place(cell, head, 1u, j + 2u); let kd = place(cell, head, 1u, j + 3u);
    //! unroll i
    var s$i = vec4f();
    var w$i = vec4f();
    //! end
    //! unroll h
    let va$h = qkv_at(ka + WIDTH4 + $hu); let vb$h = qkv_at(kb + WIDTH4 + $hu);
    let vc$h = qkv_at(kc + WIDTH4 + $hu); let vd$h = qkv_at(kd + WIDTH4 + $hu);
    let a$h = qkv_at(ka + $hu); let b$h = qkv_at(kb + $hu); let c$h = qkv_at(kc + $hu); let d$h = qkv_at(kd + $hu);
    //! unroll i
    s$i = s$i + vec4f(dot(q$i_$h, a$h), dot(q$i_$h, b$h), dot(q$i_$h, c$h), dot(q$i_$h, d$h));
    w$i = w$i + vec4f(dot(e$i_$h, va$h), dot(e$i_$h, vb$h), dot(e$i_$h, vc$h), dot(e$i_$h, vd$h));
    //! end
    //! end
    //! unroll i
    let ds$i = select(vec4f(), exp(s$i - l$i), seen(j, first + $iu)) * (w$i - along$i);
    //! end
    //! unroll h
    //! unroll i
    g$i_$h = g$i_$h + (ds$i.x * a$h + ds$i.y * b$h + ds$i.z * c$h + ds$i.w * d$h);
    //! end
    //! end
  }
  //! unroll i
  if (first + $iu < GENES) {
    along[sums + first + $iu] = along$i;
    //! unroll h
    dqkv[from$i + $hu] = g$i_$h / HEAD_ROOT;
    //! end
  }
  //! end
}
