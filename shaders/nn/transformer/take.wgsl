// Puts the tokens that a step has drawn behind their texts, and goes on to the next position.
//
// Computes  ids[slot][position + 1] = drawn, unless it ends the text: then the text has position + 1 ids; nll of it, drawn or given (condition scored)
// Bindings  0 work (nn/transformer/product_operands.wgsl): positions of the wanted rows go up by one; 1 asked, 2 drawn (nn/transformer/sampling_rows.wgsl); 3 totals
//           [slots]; 4 ids [slots][CONTEXT]; 5 nll, as ids; 6 ends (how many, ids that end a text).
// Workgroup PLAIN_THREADS threads.
// Thread    a wanted row.
// Caller    dispatches (ceil(wanted / PLAIN_THREADS)).
// Twin      src/nn/transformer/host/batch.ts, in f64.

import constants::{WANTED_AT, CONTEXT, PLAIN_THREADS};

const NONE = 0xffffffffu;

@group(0) @binding(0) var<storage, read_write> work: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> asked: array<vec4u>;
@group(0) @binding(2) var<storage, read> drawn: array<vec2u>;
@group(0) @binding(3) var<storage, read_write> totals: array<atomic<u32>>;
@group(0) @binding(4) var<storage, read_write> ids: array<u32>;
@if(scored) @group(0) @binding(5) var<storage, read_write> nll: array<u32>;
@group(0) @binding(6) var<storage, read> ends: array<u32>;

fn is_end(id: u32) -> bool {
  for (var i = 0u; i < ends[0]; i++) {
    if (ends[1u + i] == id) { return true; }
  }
  return false;
}

@compute @workgroup_size(PLAIN_THREADS)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= work[0].y) { return; }
  let row = 1u + work[WANTED_AT + i].x;
  let slot = work[row].x;
  let next = work[row].y + 1u;
  if (next < atomicLoad(&totals[slot])) {
    @if(scored) { nll[slot * CONTEXT + next] = drawn[i].y; }
    if (asked[i].w == NONE) {
      if (is_end(drawn[i].x)) { atomicStore(&totals[slot], next); }
      else { ids[slot * CONTEXT + next] = drawn[i].x; }
    }
  }
  work[row].y = next;
  asked[i].z += 1u;
}
