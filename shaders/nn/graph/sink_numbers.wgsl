// Where a part of an adjoint goes, number by number: as sink.wgsl.
//
// Computes  sink[at] = value; condition accumulate: sink[at] + value; based: base[at] + value.
// Bindings  8 sink, 9 base (based).
// Caller    kernels of heads, whose width need be no multiple of 4. Columns that none of them writes are 0 before.
// Twin      the sums of src/nn/graph/twin.

@group(0) @binding(8) var<storage, read_write> sink: array<f32>;
@if(based) @group(0) @binding(9) var<storage, read> sink_base: array<f32>;

fn put_number(at: u32, value: f32) {
  @if(accumulate) { sink[at] += value; }
  @if(based) { sink[at] = sink_base[at] + value; }
  @if(!accumulate && !based) { sink[at] = value; }
}
