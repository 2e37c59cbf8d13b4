// Model images, by the very loop that the likelihood runs: of one chain at its present position (live view), or of fitted modes (tests).
//
// Computes  images[row] = m, in units of σ.
// Bindings  0 stamps, 1 components, 2 settings, 3 control (count rows from row `steps` on), 4 posteriors, 5 chains, 7 images.
// Workgroup EVALUATIONS_PER_WORKGROUP rows × LANES threads.
// Caller    links with the condition `render`; `at_mode` reads posteriors[row].mode, else the row is a chain.
// Twin      src/workloads/shear/twin/model.ts (render).

import package::shear::density::unconstrained;
import package::shear::frame::eigenframe;
import package::shear::likelihood::likelihood_sums;
import package::shear::posterior::point_at;
import package::shear::state::{chains, control, fixed_values, posteriors};
import constants::{CHAINS, LANES, EVALUATIONS_PER_WORKGROUP};

@compute @workgroup_size(LANES * EVALUATIONS_PER_WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let evaluation = local / LANES;
  let lane = local % LANES;
  let place = min((group.y * groups.x + group.x) * EVALUATIONS_PER_WORKGROUP + evaluation, control.count - 1u);
  let row = control.steps + place;
  @if(at_mode) let q: array<f32, 8> = posteriors[row].mode;
  @if(!at_mode) let q: array<f32, 8> = unconstrained(chains[row].z, row / CHAINS);
  @if(at_mode) let p = point_at(q, fixed_values(row));
  @if(!at_mode) let p = point_at(q, fixed_values(row / CHAINS));
  // The sums go unused: the images are what is wanted.
  _ = likelihood_sums(p.basic, eigenframe(p.basic), place, evaluation, lane)[0];
}
