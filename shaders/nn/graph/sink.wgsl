// Where a part of an adjoint goes.
//
// Computes  sink[at] = value; condition accumulate: sink[at] + value; based: base[at] + value.
// Bindings  8 sink, 9 base (based), as the value whose adjoint it is.
// Caller    every kernel that goes back: each four numbers are put once.
// Twin      the sums of src/nn/graph/twin.

@group(0) @binding(8) var<storage, read_write> sink: array<vec4f>;
@if(based) @group(0) @binding(9) var<storage, read> sink_base: array<vec4f>;

fn put(at: u32, value: vec4f) {
  @if(accumulate) { sink[at] += value; }
  @if(based) { sink[at] = sink_base[at] + value; }
  @if(!accumulate && !based) { sink[at] = value; }
}
