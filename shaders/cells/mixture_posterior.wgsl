// The class of a cell given its visible genes, for a predictor that is a mixture of classes.
//
// Computes  log_weights[place][k] = log prior_k + sum over visible genes of log p_ki(token), not normalised
// Bindings  0 piece, 1 cells (active, by place), 2 tokens [cell][GENES], 3 log_prior [CLASSES], 4 log_prob [CLASSES][GENES][STRIDE],
//           5 log_weights [place in the piece][CLASSES]; with condition labelled 6 labels [cell][2]
// Workgroup THREADS threads.
// Thread    a cell (x) and a class (y). A labelled cell has the weight 1 in its class and 0 in the others.
// Order     sums of 16 genes are added to a sum of such sums: a 24-bit mantissa then loses a few units of 2^-24 times the whole, at any number of genes.
// Caller    dispatches ceil(cells / THREADS) x CLASSES workgroups before mixture_logits; log_prob is at least -1e30.
// Twin      MixturePredictor.classWeights of src/workloads/cells/sampling/mixture-predictor.ts.

import package::cells::piece::piece;
import constants::{BINS, CLASSES, GENES, STRIDE, THREADS};

@group(0) @binding(1) var<storage, read> cells: array<u32>;
@group(0) @binding(2) var<storage, read> tokens: array<u32>;
@group(0) @binding(3) var<storage, read> log_prior: array<f32>;
@group(0) @binding(4) var<storage, read> log_prob: array<f32>;
@group(0) @binding(5) var<storage, read_write> log_weights: array<f32>;
@if(labelled) @group(0) @binding(6) var<storage, read> labels: array<vec2u>;

const SUMMED = 16u;
const FORBIDDEN = -1e30;

@compute @workgroup_size(THREADS)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= piece.cells) {
    return;
  }
  let cell = cells[piece.first_cell + id.x];
  let which = id.y;
  let at = id.x * CLASSES + which;
  @if(labelled) {
    let label = labels[cell].x;
    if (label < CLASSES) {
      log_weights[at] = select(FORBIDDEN, 0.0, label == which);
      return;
    }
  }
  var sum = log_prior[which];
  for (var first = 0u; first < GENES; first += SUMMED) {
    var part = 0.0;
    for (var gene = first; gene < min(first + SUMMED, GENES); gene++) {
      let token = tokens[cell * GENES + gene];
      if (token < BINS) { part += log_prob[(which * GENES + gene) * STRIDE + token]; }
    }
    sum += part;
  }
  log_weights[at] = sum;
}
