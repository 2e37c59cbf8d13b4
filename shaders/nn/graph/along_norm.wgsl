// What a norm does along a direction at one position.
//
// Computes  mean x (0 with condition `rms`), 1 / s with s^2 = mean (x - mean)^2 + EPSILON, mean x' (0 with `rms`), s' = mean (u x') of u = (x - mean) / s; then
//           u and u' = (x' - mean x' - u s') / s, four numbers at a time.
// Bindings  1 x, 2 x' [position][WIDTH filled to fours].
// Order     from the first number to the last, four sums side by side.
// Caller    nn/graph/norm_tangent.wgsl, nn/graph/norm_tangent_backward.wgsl.
// Twin      normed, moved of src/nn/graph/twin/norm.ts.

import constants::{WIDTH, EPSILON};

@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> dx: array<vec4f>;

const WIDTH4 = (WIDTH + 3u) / 4u;
const NUMBERS = f32(WIDTH);

/// (mean x, 1 / s, mean x', s').
fn norm_statistics(position: u32) -> vec4f {
  let start = position * WIDTH4;
  var mean = 0.0;
  var dmean = 0.0;
  @if(!rms) {
    var sum = vec4f();
    var dsum = vec4f();
    for (var i = 0u; i < WIDTH4; i++) {
      sum += x[start + i];
      dsum += dx[start + i];
    }
    mean = dot(sum, vec4f(1.0)) / NUMBERS;
    dmean = dot(dsum, vec4f(1.0)) / NUMBERS;
  }
  var squares = vec4f();
  var along = vec4f();
  for (var i = 0u; i < WIDTH4; i++) {
    let centred = real(i, x[start + i] - mean);
    squares += centred * centred;
    along += centred * dx[start + i];
  }
  let inverse = 1.0 / sqrt(dot(squares, vec4f(1.0)) / NUMBERS + EPSILON);
  return vec4f(mean, inverse, dmean, dot(along, vec4f(1.0)) * inverse / NUMBERS);
}

/// The i-th four of u, and of u'.
fn unit(at: u32, i: u32, s: vec4f) -> vec4f { return real(i, (x[at + i] - s.x) * s.y); }
fn unit_tangent(at: u32, i: u32, s: vec4f, u: vec4f) -> vec4f { return real(i, (dx[at + i] - s.z - u * s.w) * s.y); }

/// 0 in the place of numbers that only fill a row up.
fn real(i: u32, value: vec4f) -> vec4f {
  @if(ragged) return select(vec4f(), value, vec4u(4u * i, 4u * i + 1u, 4u * i + 2u, 4u * i + 3u) < vec4u(WIDTH));
  @if(!ragged) return value;
}
