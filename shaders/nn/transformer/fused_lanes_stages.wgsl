// Products of a decoder one after the other: of a block q, k and v, what attention leaves, gate, up and down; behind the last block logits.
//
// Computes  what a product multiplies, where its row is and goes, and what becomes of the sums
// Bindings  none: functions only.
// Thread    each call stands alone.
// Caller    fused_lanes.wgsl.
// Twin      src/nn/transformer/host/pass.ts, in f64.

import package::nn::transformer::fused_lanes_matrix::{Matrix, NO_BIAS};
import package::nn::transformer::fused_lanes_product::{ACTIVATE, GATE, LOGITS, STORE};
import constants::{
  NORMED, QKV, ATTENDED, ADDED, INNER, LOGITS_AT, VOCABULARY4, QKV4, OUT4, HIDDEN4, WIDTH_IN4, ATTENDED_IN4, HIDDEN_IN4, BLOCK_MATRICES,
  BLOCK_VECTORS, UNEMBEDDING_AT, UNEMBEDDING_SCALES, QKV_AT, O_AT, GATE_AT, UP_AT, DOWN_AT, QKV_SCALES, O_SCALES, GATE_SCALES, UP_SCALES,
  DOWN_SCALES, QKV_BIAS, O_BIAS, UP_BIAS, DOWN_BIAS
};

const QKV_STAGE = 0u;
const O_STAGE = 1u;
const GATE_STAGE = 2u;
const UP_STAGE = 3u;
const DOWN_STAGE = 4u;
/// Of a block.
const STAGES = 5u;
const LOGITS_STAGE = 5u;

/// A product: what it multiplies, where the row is and goes, and what becomes of the sums.
struct Product {
  matrix: Matrix,
  input: u32,
  to: u32,
  kind: u32,
}

fn product_of(layer: u32, stage: u32) -> Product {
  let m = layer * BLOCK_MATRICES;
  let v = layer * BLOCK_VECTORS;
  @if(qkv_bias) let qkv_bias = QKV_BIAS + v;
  @if(!qkv_bias) let qkv_bias = NO_BIAS;
  @if(all_biases) let o_bias = O_BIAS + v;
  @if(!all_biases) let o_bias = NO_BIAS;
  @if(all_biases) let up_bias = UP_BIAS + v;
  @if(!all_biases) let up_bias = NO_BIAS;
  @if(all_biases) let down_bias = DOWN_BIAS + v;
  @if(!all_biases) let down_bias = NO_BIAS;
  @if(gated) let up_kind = GATE;
  @if(!gated) let up_kind = ACTIVATE;
  switch stage {
    case QKV_STAGE: { return Product(Matrix(QKV_AT + m, WIDTH_IN4, QKV4, QKV_SCALES + v, qkv_bias), NORMED, QKV, STORE); }
    case O_STAGE: { return Product(Matrix(O_AT + m, ATTENDED_IN4, OUT4, O_SCALES + v, o_bias), ATTENDED, ADDED, STORE); }
    case GATE_STAGE: { return Product(Matrix(GATE_AT + m, WIDTH_IN4, HIDDEN4, GATE_SCALES + v, NO_BIAS), NORMED, INNER, ACTIVATE); }
    case UP_STAGE: { return Product(Matrix(UP_AT + m, WIDTH_IN4, HIDDEN4, UP_SCALES + v, up_bias), NORMED, INNER, up_kind); }
    case DOWN_STAGE: { return Product(Matrix(DOWN_AT + m, HIDDEN_IN4, OUT4, DOWN_SCALES + v, down_bias), INNER, ADDED, STORE); }
    default: { return Product(Matrix(UNEMBEDDING_AT, WIDTH_IN4, VOCABULARY4, UNEMBEDDING_SCALES, NO_BIAS), NORMED, LOGITS_AT, LOGITS); }
  }
}
