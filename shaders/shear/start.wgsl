// Starts every chain at an overdispersed point, z = 1.5 · N(0, I), so that R̂ means something.
//
// Bindings  0 stamps, 1 components, 2 settings, 3 control, 4 posteriors, 5 chains, 6 keys.
// Workgroup EVALUATIONS_PER_WORKGROUP chains × LANES threads.
// Thread    as in hmc.wgsl; lane 0 writes its chain.
// Caller    has run the fit and the metric.
// Twin      src/workloads/shear/twin/hmc.ts (start).

import package::shear::density::density_at;
import package::shear::likelihood::visited;
import package::shear::state::{chains, control};
import package::shear::streams::{DISPERSE, normals};
import constants::{CHAINS, D, LANES, EVALUATIONS_PER_WORKGROUP};

const DISPERSION = 1.5;

@compute @workgroup_size(LANES * EVALUATIONS_PER_WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let evaluation = local / LANES;
  let lane = local % LANES;
  let row = (group.y * groups.x + group.x) * EVALUATIONS_PER_WORKGROUP + evaluation;
  let mine = min(row, control.count * CHAINS - 1u);
  let item = mine / CHAINS;
  var z: array<f32, 8> = normals(item, mine % CHAINS, 0u, DISPERSE);
  for (var i = 0u; i < D; i++) { z[i] *= DISPERSION; }
  let density = density_at(z, item, evaluation, lane);
  if (row == mine && lane == 0u) {
    chains[mine].z = z;
    chains[mine].gradient = density.gradient;
    chains[mine].log_density = density.log_density;
    chains[mine].evaluations = 1u;
    chains[mine].visited = visited;
  }
}
