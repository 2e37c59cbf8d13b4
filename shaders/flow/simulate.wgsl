// The simulator of the task that the kernel was linked for.

@if(gaussian) import package::flow::tasks::gaussian::draw;
@if(two_moons) import package::flow::tasks::two_moons::draw;
@if(gaussian_linear) import package::flow::tasks::gaussian_linear::draw;
@if(gaussian_mixture) import package::flow::tasks::gaussian_mixture::draw;
@if(slcp) import package::flow::tasks::slcp::draw;
@if(shear) import package::flow::tasks::shear::draw;
import constants::{C, D};

/// Parameters and data of simulation `index`.
fn simulate(key: vec2u, index: u32, theta: ptr<function, array<f32, D>>, x: ptr<function, array<f32, C>>) {
  draw(key, index, theta, x);
}
