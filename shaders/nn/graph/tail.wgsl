// Columns that fill a width up to a multiple of 4: they hold 0.
//
// Computes  a value in columns below TAIL_WIDTH, beyond them 0 or another number; condition tail: the width is no multiple of 4.
// Bindings  none: functions only.
// Thread    each call stands alone.
// Caller    nothing to guarantee.
// Twin      none.

import constants::TAIL_WIDTH;

/// A value of four columns, 0 beyond the last.
fn within(c: u32, value: vec4f) -> vec4f { return within_else(c, value, 0.0); }

/// The same with another number there.
fn within_else(c: u32, value: vec4f, beyond: f32) -> vec4f {
  @if(tail) return select(vec4f(beyond), value, 4u * c + vec4u(0u, 1u, 2u, 3u) < vec4u(TAIL_WIDTH));
  @if(!tail) return value;
}
