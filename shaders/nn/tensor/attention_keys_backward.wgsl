// Backward of attention by the keys and values, from recomputed weights.
//
// Computes  dv_j = sum over i of p_ij do_i; dk_j = sum over i of p_ij (do_i v_j - D_i) q_i / sqrt(4 HEAD4), p_ij = exp(s_ij - l_i). No genes x genes matrix
//           and no atomics: a thread sums for keys of its own.             T. Dao et al., FlashAttention, NeurIPS 2022, algorithm 4
// Bindings  0 qkv (attention_rows.wgsl); 2 doutput [cells GENES][HEADS][4 HEAD4]; 3 log_sums, 4 along (D) [cells][HEADS][4 GENES4]; 5 dqkv, as qkv in f32: its
//           k and v.
// Thread    QUERIES keys (unrolled i) of one head of one cell.
// Order     over the queries from the first to the last, by fours; condition causal: those of a key begin with itself.
// Caller    one thread each of CELLS HEADS ceil(GENES / QUERIES), workgroups counted row by row; unrolls h HEAD4 times; attention_queries_backward.wgsl
//           has run, which leaves D.
// Twin      attentionBackward of src/nn/tensor/attention-twin.ts.

import package::nn::tensor::attention_rows::{GENES4, HEAD_ROOT, WIDTH4, place, qkv_at, queries_begin, row_place, seeing};
import constants::{CELLS, GENES, HEADS, HEAD4, QUERIES, ATTENTION_THREADS};

@group(0) @binding(2) var<storage, read> doutput: array<vec4f>;
@group(0) @binding(3) var<storage, read> log_sums: array<vec4f>;
@group(0) @binding(4) var<storage, read> along: array<vec4f>;
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
  let sums = (cell * HEADS + head) * GENES4;
  //! unroll i
  let from$i = place(cell, head, 1u, first + $iu);
  //! unroll h
  let k$i_$h = qkv_at(from$i + $hu) / HEAD_ROOT;
  let v$i_$h = qkv_at(from$i + WIDTH4 + $hu);
  var dk$i_$h = vec4f();
  var dv$i_$h = vec4f();
  //! end
  //! end
  for (var j = queries_begin(first); j < GENES; j += 4u) {
    let l = log_sums[sums + j / 4u];
    let D = along[sums + j / 4u];
    let qa = place(cell, head, 0u, j); let qb = place(cell, head, 0u, j + 1u);
    let qc = place(cell, head, 0u, j + 2u); let qd = place(cell, head, 0u, j + 3u);
    let ra = row_place(cell, head, j); let rb = row_place(cell, head, j + 1u);
    let rc = row_place(cell, head, j + 2u); let rd = row_place(cell, head, j + 3u);
    //! unroll i
    var s$i = vec4f();
    var w$i = vec4f();
    //! end
    //! unroll h
    let a$h = qkv_at(qa + $hu); let b$h = qkv_at(qb + $hu); let c$h = qkv_at(qc + $hu); let d$h = qkv_at(qd + $hu);
    let ea$h = doutput[ra + $hu]; let eb$h = doutput[rb + $hu]; let ec$h = doutput[rc + $hu]; let ed$h = doutput[rd + $hu];
    //! unroll i
    s$i = s$i + vec4f(dot(k$i_$h, a$h), dot(k$i_$h, b$h), dot(k$i_$h, c$h), dot(k$i_$h, d$h));
    w$i = w$i + vec4f(dot(v$i_$h, ea$h), dot(v$i_$h, eb$h), dot(v$i_$h, ec$h), dot(v$i_$h, ed$h));
    //! end
    //! end
    //! unroll i
    let there$i = seeing(j, first + $iu);
    let p$i = select(vec4f(), exp(s$i - l), there$i);
    let ds$i = select(vec4f(), p$i * (w$i - D), there$i);
    //! end
    //! unroll h
    //! unroll i
    dv$i_$h = dv$i_$h + (p$i.x * ea$h + p$i.y * eb$h + p$i.z * ec$h + p$i.w * ed$h);
    dk$i_$h = dk$i_$h + (ds$i.x * a$h + ds$i.y * b$h + ds$i.z * c$h + ds$i.w * d$h);
    //! end
    //! end
  }
  //! unroll i
  if (first + $iu < GENES) {
    //! unroll h
    dqkv[from$i + $hu] = dk$i_$h / HEAD_ROOT;
    dqkv[from$i + WIDTH4 + $hu] = dv$i_$h;
    //! end
  }
  //! end
}
