// What training keeps of a forward and a backward pass, for the sums over the batch that follow.
//
// Rows      inputs [INPUTS], outputs of the hidden layers h [DEPTH][WIDTH], their sums z [DEPTH][WIDTH], slopes of the loss by z [DEPTH][WIDTH],
//           slopes by the outputs [OUTPUTS]; four samples a vec4f.
// Layout    [sample group][row]: what a sum over the batch reads at a time lies together, and no power of two from the next.
// Bindings  4 trace.
// Twin      MlpTrace of src/nn/mlp-twin.ts.

import constants::{INPUTS, OUTPUTS, WIDTH, DEPTH};

@group(0) @binding(4) var<storage, read_write> trace: array<vec4f>;

const H_ROWS = INPUTS;
const Z_ROWS = H_ROWS + DEPTH * WIDTH;
const SLOPE_ROWS = Z_ROWS + DEPTH * WIDTH;
const OUTPUT_ROWS = SLOPE_ROWS + DEPTH * WIDTH;
const TRACE_ROWS = OUTPUT_ROWS + OUTPUTS;

/// First sample group of the workgroup's tile; set once by the entry point.
var<private> first_group: u32;

fn trace_at(row: u32, group: u32) -> u32 {
  return (first_group + group) * TRACE_ROWS + row;
}

fn keep(layer: u32, neuron: u32, group: u32, z: vec4f, h: vec4f) {
  trace[trace_at(H_ROWS + layer * WIDTH + neuron, group)] = h;
  trace[trace_at(Z_ROWS + layer * WIDTH + neuron, group)] = z;
}
