// Numbers of a head: four beside each other where a head's width and place are multiples of four, else one by one.
//
// Computes  condition `wide`: a Lane is vec4f, else f32; `inner` is the dot product of two.
// Bindings  none: a type and a function.
// Caller    kernels of attention; their widths and places are counted in Lanes.

@if(wide) alias Lane = vec4f;
@if(!wide) alias Lane = f32;

fn inner(a: Lane, b: Lane) -> f32 {
  @if(wide) return dot(a, b);
  @if(!wide) return a * b;
}
