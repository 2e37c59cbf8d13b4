// Posterior sampling along the flow with steps of adapted length: every sample of a tile at its own time.
//
// Computes  dx/dt = v(x, t, observation) from t = 0 to t = 1 by the pair of orders 5 and 4 of J. R. Dormand & P. J. Prince, J. Comp. Appl. Math. 6
//           (1980). A step is accepted where e = rms(error / (absolute + relative max(|x|, |x'|))) <= 1; the next is 0.9 e^(-1/5) times as
//           long, 0.2 to 10 times at most. A step of the least length is accepted whatever its error.
// Bindings  0, 1 the network; 2 observations [rows][C], standardised; 3 positions [groups][D], four samples a vec4f; 4 walks: time, next
//           step, evaluations [groups][3], then slopes [groups][D]; 12 control; 13 row of each sample group; 14 samples that are not at t = 1.
// Workgroup as nn/mlp.wgsl. A tile goes on until its last sample is done.
// Random    as flow/velocity.wgsl.
// Order     each sample stands alone: a sample that waits for its companions is not touched.
// Caller    splits attempts between dispatches and sets `open` to zero before each; the first stretch starts from the noise.
// Twin      src/workloads/flow/sampling/dopri5.ts.

import package::flow::velocity::{Group, normals, velocity};
import package::lib::float::is_finite;
import package::nn::mlp::{neuron_group, sample_group};
@if(quads) import package::nn::mlp_quads::lane;
import constants::{D, SAMPLE_GROUPS, NEURON_GROUPS};

struct Control {
  /// Sample groups in flight; most attempts, first of this dispatch, one past its last.
  groups: u32,
  steps: u32,
  first: u32,
  last: u32,
  seed: u32,
  unused: f32,
  relative: f32,
  absolute: f32,
}

@group(0) @binding(3) var<storage, read_write> positions: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> walks: array<vec4f>;
@group(0) @binding(12) var<uniform> control: Control;
@group(0) @binding(13) var<storage, read> groups: array<Group>;
@group(0) @binding(14) var<storage, read_write> open: atomic<u32>;

const WALK_ROWS = 3u;
const LEAST_STEP = 1e-5;
const FIRST_STEP = 0.1;
/// Nodes of the stages; rows of the tableau one behind the other, stage s from s (s - 1) / 2 on; weights of the error.
const NODES = array<f32, 7>(0.0, 0.2, 0.3, 0.8, 8.0 / 9.0, 1.0, 1.0);
const TABLEAU = array<f32, 21>(
  0.2,
  3.0 / 40.0, 9.0 / 40.0,
  44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0,
  19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0,
  9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0,
  35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0,
);
const ERROR = array<f32, 7>(71.0 / 57600.0, 0.0, -71.0 / 16695.0, 71.0 / 1920.0, -17253.0 / 339200.0, 22.0 / 525.0, -1.0 / 40.0);

var<workgroup> waiting: array<u32, SAMPLE_GROUPS>;
var<workgroup> any_waiting: u32;

/// Whether any sample of the tile is on its way; the same for all threads.
fn goes_on(t: vec4f, local: u32) -> bool {
  if (neuron_group(local) == 0u) { waiting[sample_group(local)] = select(0u, 1u, any(t < vec4f(1.0))); }
  workgroupBarrier();
  if (local == 0u) {
    var all = 0u;
    for (var g = 0u; g < SAMPLE_GROUPS; g++) { all |= waiting[g]; }
    any_waiting = all;
  }
  return workgroupUniformLoad(&any_waiting) != 0u;
}

/// What an error may be.
fn tolerance(size: vec4f) -> vec4f { return control.absolute + control.relative * size; }

/// First step: a hundredth of the way on which x would change by its own size (Hairer, Norsett & Wanner I, II.4).
fn first_step(x: array<vec4f, D>, v: array<vec4f, D>) -> vec4f {
  var size = vec4f();
  var slope = vec4f();
  for (var i = 0u; i < D; i++) {
    let allowed = tolerance(abs(x[i]));
    size += (x[i] / allowed) * (x[i] / allowed);
    slope += (v[i] / allowed) * (v[i] / allowed);
  }
  return clamp(0.01 * sqrt(size / max(slope, vec4f(1e-10))), vec4f(LEAST_STEP), vec4f(FIRST_STEP));
}

@compute @workgroup_size(SAMPLE_GROUPS * NEURON_GROUPS)
fn main(
  @builtin(workgroup_id) tile: vec3u,
  @builtin(num_workgroups) tiles: vec3u,
  @builtin(local_invocation_index) local: u32,
  @if(quads) @builtin(subgroup_invocation_id) lane_: u32,
) {
  @if(quads) { lane = lane_; }
  let at = (tile.y * tiles.x + tile.x) * SAMPLE_GROUPS + sample_group(local);
  // A tile may reach beyond the last group: it computes the last one again and keeps nothing, so that all threads walk alike.
  let place = min(at, control.groups - 1u);
  let of_ = groups[place];
  let slopes = WALK_ROWS * control.groups + place * D;
  var x: array<vec4f, D>;
  var k: array<array<vec4f, D>, 7>;
  var t = vec4f();
  var step = vec4f();
  var evaluations = vec4f(1.0);
  if (control.first == 0u) {
    for (var i = 0u; i < D; i++) { x[i] = normals(control.seed, of_, 0u, i); }
  } else {
    for (var i = 0u; i < D; i++) {
      x[i] = positions[place * D + i];
      k[0][i] = walks[slopes + i];
    }
    t = walks[place * WALK_ROWS];
    step = walks[place * WALK_ROWS + 1u];
    evaluations = walks[place * WALK_ROWS + 2u];
  }
  var tableau = TABLEAU;
  var nodes = NODES;
  var error_weights = ERROR;
  for (var attempt = control.first; attempt < control.last; attempt++) {
    if (!goes_on(t, local)) { break; }
    let under_way = t < vec4f(1.0);
    var final_ = t + 1.01 * step >= vec4f(1.0);
    var h = select(vec4f(), select(step, 1.0 - t, final_), under_way);
    var y = x;
    // The slope at the start of a step is that at the end of the one before: only the first has to find it.
    for (var s = select(1u, 0u, attempt == 0u); s < 7u; s++) {
      for (var i = 0u; i < D; i++) {
        var slope = vec4f();
        for (var j = 0u; j < s; j++) { slope += tableau[(s - 1u) * s / 2u + j] * k[j][i]; }
        y[i] = x[i] + h * slope;
      }
      k[s] = velocity(y, t + nodes[s] * h, of_, local);
      if (s == 0u) {
        step = first_step(x, k[0]);
        h = step;
      }
    }
    var squared = vec4f();
    for (var i = 0u; i < D; i++) {
      var error = vec4f();
      for (var j = 0u; j < 7u; j++) { error += error_weights[j] * k[j][i]; }
      let share = h * error / tolerance(max(abs(x[i]), abs(y[i])));
      squared += share * share;
    }
    let e2 = squared / f32(D);
    let least = h <= vec4f(1.0001 * LEAST_STEP);
    for (var c = 0u; c < 4u; c++) {
      if (!under_way[c]) { continue; }
      evaluations[c] += 6.0;
      let sound = is_finite(e2[c]);
      if (least[c] || (sound && e2[c] <= 1.0)) {
        // A sample that is no finite number even so goes no further: whoever collects it sees that.
        t[c] = select(t[c] + h[c], 1.0, final_[c] || !sound);
        for (var i = 0u; i < D; i++) {
          x[i][c] = y[i][c];
          k[0][i][c] = k[6][i][c];
        }
      }
      var factor = 0.2;
      // e^(-1/5) = (e^2)^(-1/10); below 1e-12 the bound of 10 holds.
      if (sound) { factor = clamp(0.9 * pow(max(e2[c], 1e-12), -0.1), 0.2, 10.0); }
      step[c] = max(h[c] * factor, LEAST_STEP);
    }
  }
  if (at < control.groups && neuron_group(local) == 0u) {
    for (var i = 0u; i < D; i++) {
      positions[at * D + i] = x[i];
      walks[slopes + i] = k[0][i];
    }
    walks[at * WALK_ROWS] = t;
    walks[at * WALK_ROWS + 1u] = step;
    walks[at * WALK_ROWS + 2u] = evaluations;
    let left = dot(select(vec4f(), vec4f(1.0), t < vec4f(1.0)), vec4f(1.0));
    if (left > 0.0) { atomicAdd(&open, u32(left)); }
  }
}
