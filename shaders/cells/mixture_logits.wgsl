// Logits of a gene under a mixture of classes: its table averaged over the class of the cell.
//
// Computes  logits[i][v] = log sum_k w_k p_k(gene = v), w = softmax of the cell's log weights; -1e30 where the sum is 0
// Bindings  0 piece, 1 rows, 2 places, 3 log_weights [place in the piece][CLASSES], 4 prob [CLASSES][GENES][STRIDE], 5 logits [row of the piece][STRIDE]
// Workgroup THREADS threads.
// Thread    one row. Weights are relative to the largest, so that none of the classes that matter underflows.
// Caller    dispatches ceil(rows / THREADS) workgroups between mixture_posterior and draw_logits.
// Twin      MixturePredictor.predict of src/workloads/cells/sampling/mixture-predictor.ts.

import package::cells::piece::piece;
import constants::{CLASSES, GENES, STRIDE, THREADS};

@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> places: array<u32>;
@group(0) @binding(3) var<storage, read> log_weights: array<f32>;
@group(0) @binding(4) var<storage, read> prob: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> logits: array<vec4f>;

const QUADS = STRIDE / 4u;
const FORBIDDEN = vec4f(-1e30);

@compute @workgroup_size(THREADS)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= piece.rows) {
    return;
  }
  let gene = rows[piece.first_row + id.x] % GENES;
  let first = (places[piece.first_row + id.x] - piece.first_cell) * CLASSES;
  var largest = log_weights[first];
  for (var k = 1u; k < CLASSES; k++) { largest = max(largest, log_weights[first + k]); }
  var weights: array<f32, CLASSES>;
  var total = 0.0;
  for (var k = 0u; k < CLASSES; k++) {
    let log_weight = log_weights[first + k] - largest;
    weights[k] = select(exp(log_weight), 0.0, log_weight < -87.0);
    total += weights[k];
  }
  for (var q = 0u; q < QUADS; q++) {
    var sum = vec4f(0.0);
    for (var k = 0u; k < CLASSES; k++) { sum += weights[k] * prob[(k * GENES + gene) * QUADS + q]; }
    logits[id.x * QUADS + q] = select(log(sum / total), FORBIDDEN, sum <= vec4f(0.0));
  }
}
