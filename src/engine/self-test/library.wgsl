// Random words and normal numbers of the library, for the self-test of a device.
//
// Computes  words[i] = Threefry2x32-20(key, counter) of points[i] = (key, counter)        lib/rng.wgsl
//           normals[i] = quantile of (k + 1/2) 2^-24, k the upper 24 bits of bits[i]      lib/normal.wgsl
// Bindings  0 points: array<vec4u>[n]; 1 bits: array<u32>[n]; 2 words: array<vec2u>[n]; 3 normals: array<f32>[n].
// Thread    one a workgroup, i = workgroup_id.x.
// Caller    dispatches n workgroups.

import package::lib::rng::threefry2x32;
import package::lib::normal::normal_from_bits;

@group(0) @binding(0) var<storage, read> points: array<vec4u>;
@group(0) @binding(1) var<storage, read> bits: array<u32>;
@group(0) @binding(2) var<storage, read_write> words: array<vec2u>;
@group(0) @binding(3) var<storage, read_write> normals: array<f32>;

@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  let i = group.x;
  words[i] = threefry2x32(points[i].xy, points[i].zw);
  normals[i] = normal_from_bits(bits[i]);
}
