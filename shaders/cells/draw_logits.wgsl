// Draws the tokens of a piece from their logits.
//
// Computes  tokens[rows[i]] = a draw from logits[i] with temperature and guidance; in the step of an argmax the most probable token
// Bindings  0 piece, 1 rows, 2 seeds [cell], 3 logits [row of the piece][STRIDE], 4 tokens [cell][GENES], 5 how (uniform); with condition guided
//           6 logits without the label, as 3
// Workgroup THREADS threads.
// Thread    one row; it shares nothing with others.
// Caller    dispatches ceil(rows / THREADS) workgroups after a predictor has written the logits. Rows are of hidden genes, none twice.
// Twin      src/workloads/cells/sampling/twin.ts.

import package::cells::piece::piece;
import package::cells::draw::{arg_max, category_word, draw_category, guide};
import constants::{GENES, STRIDE, THREADS};

struct How {
  inverse_temperature: f32,
  guidance: f32,
  /// The step whose tokens are the most probable ones; one that never comes where all are drawn.
  argmax_step: u32,
  pad: u32,
}

@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> seeds: array<u32>;
@group(0) @binding(3) var<storage, read> logits: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(5) var<uniform> how: How;
@if(guided) @group(0) @binding(6) var<storage, read> logits_without: array<vec4f>;

const QUADS = STRIDE / 4u;

@compute @workgroup_size(THREADS)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= piece.rows) {
    return;
  }
  let row = rows[piece.first_row + id.x];
  var found: array<f32, STRIDE>;
  for (var q = 0u; q < QUADS; q++) {
    let four = logits[id.x * QUADS + q];
    for (var i = 0u; i < 4u; i++) { found[4u * q + i] = four[i]; }
  }
  @if(guided) {
    var without: array<f32, STRIDE>;
    for (var q = 0u; q < QUADS; q++) {
      let four = logits_without[id.x * QUADS + q];
      for (var i = 0u; i < 4u; i++) { without[4u * q + i] = four[i]; }
    }
    guide(&found, &without, how.guidance);
  }
  if (piece.step == how.argmax_step) {
    tokens[row] = arg_max(&found);
    return;
  }
  let word = category_word(seeds[row / GENES], row % GENES, piece.step);
  tokens[row] = draw_category(&found, how.inverse_temperature, word);
}
