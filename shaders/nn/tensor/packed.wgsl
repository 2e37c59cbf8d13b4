// Four numbers as two words of 16-bit floats, the first in the lower bits.
//
// Computes  halves, rounded to nearest; with condition `bf16` bfloats, the upper halves of an f32's bits, rounded to nearest, ties to even.
// Bindings  none: functions only.
// Thread    each call stands alone.
// Caller    nothing to guarantee: what halves cannot hold becomes the largest of them.
// Twin      src/nn/half.ts, src/nn/bfloat.ts.

import package::nn::optimiser::tensors::{bfloats, halves};

@if(bf16)
fn packed4(v: vec4f) -> vec2u {
  return bfloats(v);
}
@if(!bf16)
fn packed4(v: vec4f) -> vec2u {
  return halves(v);
}

@if(bf16)
fn unpacked4(w: vec2u) -> vec4f {
  return bitcast<vec4f>(vec4u(w.x << 16u, w.x & 0xffff0000u, w.y << 16u, w.y & 0xffff0000u));
}
@if(!bf16)
fn unpacked4(w: vec2u) -> vec4f {
  return vec4f(unpack2x16float(w.x), unpack2x16float(w.y));
}
