// What becomes of two neighbouring sums of a product of the layered decoder.
//
// Computes  qkv: q and k turned by the position (pairs of a head are neighbours in the weight's columns), k and v into the text's cache, both captured before;
//           residual: x + sum, steered behind a block (condition steered), captured before and after; apart: the sum as it is, for a norm behind it;
//           hidden: gate · up as neighbours (condition gated) or each for itself, GELU (tanh) or SiLU (condition silu); logits: c tanh(z / c) where capped.
// Bindings  2 vectors, 3 work; 4 y: q [rows][4 Q4], the stream, what stands apart [rows][4 WIDTH4], hidden [rows][4 HIDDEN4] or logits [wanted][OUTS]; 5 captured
//           [rows][CAPTURED]; 6 turns [CONTEXT][HEAD / 2] (cosine, sine), or steering [blocks][4 WIDTH4]; 7 kv [slots][CONTEXT][2][4 KV4].
// Thread    each call stands alone.
// Caller    nn/transformer/product.wgsl. Places in a captured row are those of block 0; absent ones are not asked for.
// Twin      src/nn/transformer/host/pass.ts, in f64.

import package::nn::transformer::product_operands::{ROWS_AT, work};
import package::nn::transformer::product_vectors::{block_number, pair_of};
import constants::{OUTS, BIAS, SLOTS_AT, CONTEXT, CAPTURED, RESIDUAL_AT, PART_AT, K_AT, V_AT, WIDTH, WIDTH4, HIDDEN4, Q4, KV4, HEAD, HEAD4, KV_WIDTH, CAP};

@if(!logits && !gated) @group(0) @binding(4) var<storage, read_write> y: array<vec2f>;
@if(logits || gated) @group(0) @binding(4) var<storage, read_write> y: array<f32>;
@if(captured) @group(0) @binding(5) var<storage, read_write> captured: array<f32>;
@if(turned) @group(0) @binding(6) var<storage, read> turns: array<vec2f>;
@if(steered) @group(0) @binding(6) var<storage, read> steering: array<vec2f>;
@if(qkv) @group(0) @binding(7) var<storage, read_write> kv: array<vec2f>;

/// x / (1 + exp(−z)), which is SiLU at z = x and GELU by tanh at z = 2 √(2/π) (x + 0.044715 x³).
fn activation(v: f32) -> f32 {
  @if(silu) let z = v;
  @if(!silu) let z = 1.5957691216 * fma(0.044715 * v * v, v, v);
  return v / (1.0 + exp(min(-z, 80.0)));
}

/// Keeps two numbers of a vector of WIDTH, or one where it ends.
fn keep(row: u32, at: u32, n: u32, width: u32, value: vec2f) {
  @if(captured) {
    if (n < width) { captured[row * CAPTURED + at + n] = value.x; }
    if (n + 1u < width) { captured[row * CAPTURED + at + n + 1u] = value.y; }
  }
}

/// Keeps a pair of k or v where the model has it: head by head without filling, k in halves (condition turned).
fn keep_head(row: u32, at: u32, n: u32, halves: bool, value: vec2f) {
  let i = n % (4u * HEAD4);
  let from_ = n / (4u * HEAD4) * HEAD;
  let first = select(i, i / 2u, halves);
  let second = select(i + 1u, i / 2u + HEAD / 2u, halves);
  @if(captured) {
    if (i < HEAD) { captured[row * CAPTURED + at + from_ + first] = value.x; }
    if (i + 1u < HEAD) { captured[row * CAPTURED + at + from_ + second] = value.y; }
  }
}

fn turned_by(position: u32, n: u32, value: vec2f) -> vec2f {
  @if(turned) {
    let turn = turns[position * (HEAD / 2u) + n % (4u * HEAD4) / 2u];
    return vec2f(fma(value.x, turn.x, -(value.y * turn.y)), fma(value.y, turn.x, value.x * turn.y));
  }
  @if(!turned) { return value; }
}

fn finish(row: u32, n: u32, sum: vec2f) {
  if (n >= OUTS) { return; }
  @if(biased) let value = sum + pair_of(BIAS + n);
  @if(!biased) let value = sum;
  @if(qkv) {
    let it = work[ROWS_AT + row];
    let cell = (it.x * CONTEXT + it.y) * 4u * KV4;
    if (n < 4u * Q4) {
      y[row * 2u * Q4 + n / 2u] = turned_by(it.y, n, value);
    } else if (n < 4u * (Q4 + KV4)) {
      let m = n - 4u * Q4;
      @if(keys_captured && turned) { keep_head(row, K_AT + block_number() * KV_WIDTH, m, true, value); }
      @if(keys_captured && !turned) { keep_head(row, K_AT + block_number() * KV_WIDTH, m, false, value); }
      kv[cell + m / 2u] = turned_by(it.y, m, value);
    } else {
      let m = n - 4u * (Q4 + KV4);
      @if(values_captured) { keep_head(row, V_AT + block_number() * KV_WIDTH, m, false, value); }
      kv[cell + 2u * KV4 + m / 2u] = value;
    }
  }
  @if(apart) { y[row * 2u * WIDTH4 + n / 2u] = value; }
  @if(residual) {
    let at = row * 2u * WIDTH4 + n / 2u;
    @if(part_captured) { keep(row, PART_AT + block_number() * WIDTH, n, WIDTH, value); }
    var sum_ = y[at] + value;
    @if(steered) {
      let it = work[ROWS_AT + row];
      let slot = work[SLOTS_AT + it.x];
      @if(steered_response) let strength = select(0.0, bitcast<f32>(slot.y), it.y >= slot.x);
      @if(!steered_response) let strength = bitcast<f32>(slot.y);
      sum_ = fma(vec2f(strength), steering[block_number() * 2u * WIDTH4 + n / 2u], sum_);
    }
    y[at] = sum_;
    @if(residual_captured) { keep(row, RESIDUAL_AT + (block_number() + 1u) * WIDTH, n, WIDTH, sum_); }
  }
  @if(hidden && gated) { y[row * 4u * HIDDEN4 + n / 2u] = activation(value.x) * value.y; }
  @if(hidden && !gated) { y[row * 2u * HIDDEN4 + n / 2u] = vec2f(activation(value.x), activation(value.y)); }
  @if(logits) {
    y[row * OUTS + n] = capped(value.x);
    if (n + 1u < OUTS) { y[row * OUTS + n + 1u] = capped(value.y); }
  }
}

fn capped(z: f32) -> f32 {
  @if(capped) { return CAP * (1.0 - 2.0 / (exp(min(2.0 * z / CAP, 80.0)) + 1.0)); }
  @if(!capped) { return z; }
}
