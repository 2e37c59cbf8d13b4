// Slopes by a layer's weights and biases, in parts over the rows.
//
// Computes  part s of dW[k][n] = sum over its rows of x[r][k] dy[r][n], and behind it of db[n] = sum of dy[r][n] (condition biased). Part s has rows
//           s, s + SPLITS … in stretches: [s RUN, (s + 1) RUN).
// Bindings  0 x [ROWS][4 INPUTS4], in f32 or packed (x_packed, bf16); 1 dy [ROWS][4 OUTPUTS4]; 2 parts [SPLITS][4 INPUTS4 (+ 1)][OUTPUTS4]; 3 place:
//           where parts begin, in vec4f. With one part that is the gradient itself.
// Thread    a block of weights: inputs in fours (unrolled p) by outputs in fours (q), one part.
// Order     over the rows of a part from the first to the last, whatever the block; sum_parts.wgsl adds the parts in theirs.
// Caller    dispatches gradientGroups() of src/nn/tensor/kernels.ts, counted row by row through a 2-D grid.
// Twin      linearWeights of src/nn/tensor/twin.ts.

import package::nn::tensor::packed::unpacked4;
import constants::{ROWS, INPUTS4, OUTPUTS4, BLOCK_INPUTS4, BLOCK_OUTPUTS4, SPLITS, GRADIENT_THREADS};

@if(!x_packed) @group(0) @binding(0) var<storage, read> x: array<vec4f>;
@if(x_packed) @group(0) @binding(0) var<storage, read> x: array<vec2u>;
@group(0) @binding(1) var<storage, read> dy: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> parts: array<vec4f>;
@group(0) @binding(3) var<uniform> place: vec4u;

const RUN = (ROWS + SPLITS - 1u) / SPLITS;
const INPUT_BLOCKS = (INPUTS4 + BLOCK_INPUTS4 - 1u) / BLOCK_INPUTS4;
const OUTPUT_BLOCKS = (OUTPUTS4 + BLOCK_OUTPUTS4 - 1u) / BLOCK_OUTPUTS4;
@if(biased) const LENGTH = (4u * INPUTS4 + 1u) * OUTPUTS4;
@if(!biased) const LENGTH = 4u * INPUTS4 * OUTPUTS4;

@if(x_packed) fn input(at: u32) -> vec4f { return unpacked4(x[at]); }
@if(!x_packed) fn input(at: u32) -> vec4f { return x[at]; }

@compute @workgroup_size(GRADIENT_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * GRADIENT_THREADS + local;
  if (index >= INPUT_BLOCKS * OUTPUT_BLOCKS * SPLITS) { return; }
  let k = BLOCK_INPUTS4 * (index % INPUT_BLOCKS);
  let n = BLOCK_OUTPUTS4 * ((index / INPUT_BLOCKS) % OUTPUT_BLOCKS);
  let part = index / (INPUT_BLOCKS * OUTPUT_BLOCKS);
  //! unroll p
  let k$p = min(k + $pu, INPUTS4 - 1u);
  //! end
  //! unroll q
  let n$q = min(n + $qu, OUTPUTS4 - 1u);
  var b$q = vec4f();
  //! unroll p
  var x$p_$q = vec4f(); var y$p_$q = vec4f(); var z$p_$q = vec4f(); var w$p_$q = vec4f();
  //! end
  //! end
  for (var row = part * RUN; row < min(ROWS, (part + 1u) * RUN); row++) {
    //! unroll q
    let d$q = dy[row * OUTPUTS4 + n$q];
    b$q = b$q + d$q;
    //! end
    //! unroll p
    let a$p = input(row * INPUTS4 + k$p);
    //! unroll q
    x$p_$q = x$p_$q + a$p.x * d$q; y$p_$q = y$p_$q + a$p.y * d$q; z$p_$q = z$p_$q + a$p.z * d$q; w$p_$q = w$p_$q + a$p.w * d$q;
    //! end
    //! end
  }
  let first = place.x + part * LENGTH;
  //! unroll p
  //! unroll q
  if (k + $pu < INPUTS4 && n + $qu < OUTPUTS4) {
    let at$p_$q = first + 4u * (k + $pu) * OUTPUTS4 + n + $qu;
    parts[at$p_$q] = x$p_$q;
    parts[at$p_$q + OUTPUTS4] = y$p_$q;
    parts[at$p_$q + 2u * OUTPUTS4] = z$p_$q;
    parts[at$p_$q + 3u * OUTPUTS4] = w$p_$q;
  }
  //! end
  //! end
  @if(biased) {
    //! unroll q
    if (k == 0u && n + $qu < OUTPUTS4) { parts[first + 4u * INPUTS4 * OUTPUTS4 + n + $qu] = b$q; }
    //! end
  }
}
