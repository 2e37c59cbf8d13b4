// Four numbers of four lanes that load together: in the order in which a lane meets them (its own, its neighbour's, …), or in theirs.
//
// Computes  (0, 1, 2, 3) -> (l, l ^ 1, l ^ 2, l ^ 3) for lane l, and back: it is its own inverse.
// Bindings  none: functions only.
// Caller    odd, upper: bits 0 and 1 of the lane.
// Twin      none: an order.

fn turned(four: vec4f, odd: bool, upper: bool) -> vec4f {
  let near = select(four, four.yxwz, odd);
  return select(near, near.zwxy, upper);
}
