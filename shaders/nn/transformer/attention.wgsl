// Causal attention of the layered decoder: a position and head over the keys of its text, in blocks counted from the text's first.
//
// Computes  sum of p v / sum of p, p = exp(s - largest), s = SCALE q k, condition capped CAP tanh(s / CAP); with condition windowed of the last WINDOW keys alone
// Bindings  0 q [rows][HEADS][4 HEAD4]; 1 kv [slots][CONTEXT][2][KV_HEADS][4 HEAD4]; 2 out, as q; 3 work (nn/transformer/product_operands.wgsl).
// Workgroup ATTENTION_THREADS threads: scores of KEYS keys at a time in workgroup memory; then PARTS shares of the keys by four numbers of the head.
// Thread    keys of a block in turn; then four numbers (unrolled u where the head has more fours than there are threads) over every PARTS-th key.
// Order     keys ascending block by block, then the parts: it hangs on KEYS and threads, not on the text's length, the batch or the step.
// Loops     a key's HEAD4, its block's KEYS, the keys up to the position: at most (HEAD4 / ATTENTION_THREADS + UNITS + 2) keys.
// Caller    dispatches (heads, rows).
// Twin      src/nn/transformer/host/pass.ts, in f64.

import package::nn::transformer::product_operands::{ROWS_AT, work};
import constants::{HEADS, KV_HEADS, HEAD4, CONTEXT, SCORE_SCALE, CAP, WINDOW, KEYS, PARTS, ATTENTION_THREADS};

@group(0) @binding(0) var<storage, read> q: array<vec4f>;
@group(0) @binding(1) var<storage, read> kv: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4f>;

const KV4 = KV_HEADS * HEAD4;
/// Below every score.
const LEAST = -1e30;

var<workgroup> scores: array<f32, KEYS>;
var<workgroup> shares: array<vec4f, ATTENTION_THREADS>;
var<workgroup> totals: array<f32, PARTS>;

fn added(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }

@compute @workgroup_size(ATTENTION_THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let head = group.x;
  let row = group.y;
  if (row >= work[0].x) { return; }
  let it = work[ROWS_AT + row];
  let position = it.y;
  let query = (row * HEADS + head) * HEAD4;
  let keys_at = it.x * CONTEXT * 2u * KV4 + head * KV_HEADS / HEADS * HEAD4;
  let part = local / HEAD4;
  let four = local % HEAD4;
  var most = LEAST;
  var total = 0.0;
  //! unroll u
  var sum$u = vec4f();
  //! end
  @if(windowed) var start = (max(position + 1u, WINDOW) - WINDOW) / KEYS * KEYS;
  @if(!windowed) var start = 0u;
  for (; start <= position; start += KEYS) {
    let there = min(KEYS, position + 1u - start);
    for (var key = local; key < there; key += ATTENTION_THREADS) {
      let at = keys_at + (start + key) * 2u * KV4;
      var dot4 = vec4f();
      for (var h = 0u; h < HEAD4; h++) { dot4 = fma(q[query + h], kv[at + h], dot4); }
      var score = SCORE_SCALE * added(dot4);
      @if(capped) { score = CAP * (1.0 - 2.0 / (exp(min(2.0 * score / CAP, 80.0)) + 1.0)); }
      @if(windowed) { score = select(LEAST, score, start + key + WINDOW > position); }
      scores[key] = score;
    }
    workgroupBarrier();
    let before = most;
    for (var key = 0u; key < there; key++) { most = max(most, scores[key]); }
    workgroupBarrier();
    for (var key = local; key < there; key += ATTENTION_THREADS) {
      // What is masked has no share, even where a block has nothing else.
      scores[key] = select(exp(scores[key] - most), 0.0, scores[key] <= LEAST);
    }
    workgroupBarrier();
    let shrink = exp(before - most);
    total *= shrink;
    //! unroll u
    sum$u *= shrink;
    //! end
    if (part < PARTS) {
      for (var key = part; key < there; key += PARTS) {
        let p = scores[key];
        total += p;
        let at = keys_at + ((start + key) * 2u + 1u) * KV4 + four;
        //! unroll u
        sum$u = fma(vec4f(p), kv[at + min($uu * ATTENTION_THREADS, HEAD4 - 1u - four)], sum$u);
        //! end
      }
    }
    workgroupBarrier();
  }
  if (PARTS > 1u) {
    shares[local] = sum0;
    if (part < PARTS && four == 0u) { totals[part] = total; }
    workgroupBarrier();
    for (var other = 1u; other < PARTS; other++) {
      if (part == 0u) {
        sum0 += shares[other * HEAD4 + four];
        total += totals[other];
      }
    }
  }
  if (part == 0u) {
    //! unroll u
    if (four + $uu * ATTENTION_THREADS < HEAD4) { out[query + four + $uu * ATTENTION_THREADS] = sum$u / total; }
    //! end
  }
}
