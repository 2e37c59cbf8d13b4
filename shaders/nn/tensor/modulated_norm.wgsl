// The layer norm before a matrix product, modulated by the row's place: of the active places, or of the listed rows.
//
// Computes  h = (UNIT + k) (x - mean) / sqrt(variance + EPSILON) + s; s and k lie at SHIFT4 and SCALE4 of the place's modulations.
// Bindings  0 x [..][4 WIDTH4]; 1 modulations [places][4 MODULATION4]; 3 work (nn/tensor/work.wgsl); 4 h, as x, packed with conditions h_packed, bf16.
// Workgroup ROW_LANES threads a row, ROWS_AT_ONCE rows.
// Memory    with several threads a row one number each, summed in a tree.
// Thread    every ROW_LANES-th four numbers of a row (unrolled v where they lie in registers, condition shared). The variance is of what lies around the mean.
// Order     of a thread's numbers from the first to the last, then the tree's: bits hang on ROW_LANES.
// Caller    one row each of active places x GENES; conditions listed: of the listed rows, compact: h in the order of the list.
// Twin      rowStatistics, modulated of src/nn/tensor/twin.ts.

import package::nn::tensor::packed::packed4;
import package::nn::tensor::work::{place_of, listed_row, work};
import constants::{GENES, WIDTH4, MODULATION4, SHIFT4, SCALE4, UNIT, EPSILON, ROW_LANES, ROWS_AT_ONCE};

@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> modulations: array<vec4f>;
@if(h_packed) @group(0) @binding(4) var<storage, read_write> h: array<vec2u>;
@if(!h_packed) @group(0) @binding(4) var<storage, read_write> h: array<vec4f>;

@if(shared) var<workgroup> parts: array<f32, ROW_LANES * ROWS_AT_ONCE>;

fn row_count() -> u32 {
  @if(listed) return work[1];
  @if(!listed) return work[0] * GENES;
}

fn sum4(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }

/// Sum over the threads of a row.
@if(shared) fn row_sum(local: u32, part: f32) -> f32 {
  parts[local] = part;
  for (var half_ = ROW_LANES / 2u; half_ > 0u; half_ /= 2u) {
    workgroupBarrier();
    if (local % ROW_LANES < half_) { parts[local] += parts[local + half_]; }
  }
  workgroupBarrier();
  let sum = parts[local - local % ROW_LANES];
  workgroupBarrier();
  return sum;
}

@compute @workgroup_size(ROW_LANES * ROWS_AT_ONCE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let i = (group.y * groups.x + group.x) * ROWS_AT_ONCE + local / ROW_LANES;
  let lane = local % ROW_LANES;
  let rows = row_count();
  @if(!shared) { if (i >= rows) { return; } }
  let kept = min(i, rows - 1u);
  @if(listed) let row = listed_row(kept);
  @if(!listed) let row = kept;
  let from_ = row * WIDTH4;
  var total = vec4f();
  for (var j = lane; j < WIDTH4; j += ROW_LANES) { total += x[from_ + j]; }
  @if(shared) let mean = row_sum(local, sum4(total)) / f32(4u * WIDTH4);
  @if(!shared) let mean = sum4(total) / f32(4u * WIDTH4);
  var squares = vec4f();
  for (var j = lane; j < WIDTH4; j += ROW_LANES) {
    let around = x[from_ + j] - mean;
    squares += around * around;
  }
  @if(shared) let variance = row_sum(local, sum4(squares)) / f32(4u * WIDTH4);
  @if(!shared) let variance = sum4(squares) / f32(4u * WIDTH4);
  let inverse = 1.0 / sqrt(variance + EPSILON);
  let place = place_of(row / GENES) * MODULATION4;
  @if(compact) let to = i * WIDTH4;
  @if(!compact) let to = from_;
  @if(shared) { if (i >= rows) { return; } }
  for (var j = lane; j < WIDTH4; j += ROW_LANES) {
    let value = (x[from_ + j] - mean) * inverse * (UNIT + modulations[place + SCALE4 + j]) + modulations[place + SHIFT4 + j];
    @if(h_packed) { h[to + j] = packed4(value); }
    @if(!h_packed) { h[to + j] = value; }
  }
}
