// The vectors of a block of the layered decoder: its number, norms and biases, one behind the other.
//
// Computes  the block's number; two neighbouring numbers of a vector
// Bindings  2 vectors [..] f32 in fours, the first of them (number of the block, 0, 0, 0), a number so that no small integer is read as a denormal.
// Thread    each call stands alone.
// Caller    kernels of shaders/nn/transformer/ over the rows of a step.
// Twin      src/nn/transformer/layered/layout.ts (where each lies).

@group(0) @binding(2) var<storage, read> vectors: array<vec4f>;

fn block_number() -> u32 { return u32(vectors[0].x); }

/// Numbers `at`, an even number, and the next.
fn pair_of(at: u32) -> vec2f {
  let four = vectors[at / 4u];
  return select(four.xy, four.zw, at % 4u == 2u);
}
