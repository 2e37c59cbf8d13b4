// Log likelihood of one stamp and its six basic derivatives (and, for the fit, their 21 products): the pixel loop.
//
// Computes  r = data/σ − m,  Σ(r² − 1),  Σ r ∂m/∂b  for b = (log amplitude, centre along u, along v, Tuu, Tuv, Tvv), and Σ ∂m/∂b ∂m/∂b' where asked.
//           m = Σ over the 2×2 points and components of N; ∂N/∂C = ½ (C⁻¹ddᵀC⁻¹ − C⁻¹) N, so Σ_k of N, αN, βN, vα²N, vαβN, vβ²N suffice and u, v
//           enter once a point. With one PSF Gaussian of variance s, Σ vαN = (ΣN − s ΣαN)/λ1 comes for free.
// Bindings  @group(0) 0 stamps: data/σ, [item][ny][nx];  1 components: (amplitude, v_k hlr², s_k px², 0), [K].
// Thread    LANES threads share a stamp: lane i takes pixels i, i + LANES, …; the four points of a pixel lie side by side in a vec4.
//           The loop over components is unrolled when linking (`//! unroll`), since software adapters do not do it themselves.
// Caller    is in uniform control flow; adds the lanes' sums in a fixed order (sums.wgsl).
// Twin      src/workloads/shear/twin/model.ts (evaluate).

import package::shear::frame::{Basic, Frame, Gaussian, eigenframe, gaussian_constants};
import constants::{K, NX, NY, LANES, EVALUATIONS_PER_WORKGROUP};

@group(0) @binding(0) var<storage, read> stamps: array<f32>;
@group(0) @binding(1) var<storage, read> components: array<vec4f, K>;

/// Model images in units of σ, [row][ny][nx].
@if(render) @group(0) @binding(7) var<storage, read_write> images: array<f32>;

@if(shared_gaussians) var<workgroup> gaussians: array<Gaussian, K * EVALUATIONS_PER_WORKGROUP>;
@else var<private> gaussians: array<Gaussian, K>;

/// Offset of the 2×2 points from the pixel centre, px. Its added variance 0.0187807 px² is part of s_k (ALGORITHM.md).
const H: f32 = 0.2540718;
/// Σ(r² − 1), six gradient sums; then the upper triangle of the normal equations. A multiple of four, for the reduction.
@if(normal_equations) const SUMS = 28u;
@else const SUMS = 8u;
alias Sums = array<f32, SUMS>;

/// Pixels this thread has visited: a loop that an adapter cuts short shows here (webgpu.md: lavapipe ends loops silently).
var<private> visited: u32;

/// Sums over this lane's pixels, in the eigenframe of `f`. `evaluation` counts the evaluations that run side by side in a workgroup.
fn likelihood_sums(b: Basic, f: Frame, item: u32, evaluation: u32, lane: u32) -> Sums {
  @if(shared_gaussians) let base = evaluation * K;
  @if(shared_gaussians) {
    workgroupBarrier();
    for (var k = lane; k < K; k += LANES) { gaussians[base + k] = gaussian_constants(f, b.amplitude, components[k]); }
    workgroupBarrier();
  }
  @if(!shared_gaussians) let base = 0u;
  @if(!shared_gaussians) for (var k = 0u; k < K; k++) { gaussians[k] = gaussian_constants(f, b.amplitude, components[k]); }
  //! unroll k
  let q$k = gaussians[base + $ku];
  //! end
  let psf_variance = components[0].z;
  let inverse1 = 1.0 / f.lambda1;
  let inverse2 = 1.0 / f.lambda2;

  var chi = 0.0;
  var gm = 0.0;
  var gu = vec4f();
  var gv = vec4f();
  var guu = vec4f();
  var guv = vec4f();
  var gvv = vec4f();
  @if(normal_equations) var jtj: array<f32, 21>;
  var ix = lane % NX;
  var iy = lane / NX;
  for (var pixel = lane; pixel < NX * NY; pixel += LANES) {
    let dx = vec4f(f32(ix) + (0.5 - 0.5 * f32(NX)) - f.xc) + vec4f(-H, H, -H, H);
    let dy = vec4f(f32(iy) + (0.5 - 0.5 * f32(NY)) - f.yc) + vec4f(-H, -H, H, H);
    let u = f.c * dx + f.s * dy;
    let v = f.c * dy - f.s * dx;
    let uu = u * u;
    let vv = v * v;
    var n = vec4f();
    var sa = vec4f();
    var sb = vec4f();
    var saa = vec4f();
    var sab = vec4f();
    var sbb = vec4f();
    @if(many_psf) var ta = vec4f();
    @if(many_psf) var tb = vec4f();
    //! unroll k
    let n$k = q$k.weight * exp2(q$k.pu * uu + q$k.pv * vv);
    let a$k = q$k.alpha * n$k;
    let b$k = q$k.beta * n$k;
    n += n$k;
    sa += a$k;
    sb += b$k;
    saa += q$k.va * a$k;
    sab += q$k.va * b$k;
    sbb += q$k.vb * b$k;
    @if(many_psf) ta += q$k.va * n$k;
    @if(many_psf) tb += q$k.vb * n$k;
    //! end
    @if(!many_psf) let ta = (n - psf_variance * sa) * inverse1;
    @if(!many_psf) let tb = (n - psf_variance * sb) * inverse2;
    let m = dot(n, vec4f(1.0));
    let du = u * sa;
    let dv = v * sb;
    let duu = 0.5 * (uu * saa - ta);
    let duv = u * v * sab;
    let dvv = 0.5 * (vv * sbb - tb);
    @if(render) images[item * (NX * NY) + pixel] = m;
    let r = stamps[item * (NX * NY) + pixel] - m;
    // The −1 keeps the sum near zero, where f32 is fine-grained; it is a constant of the likelihood.
    chi += r * r - 1.0;
    gm += r * m;
    gu += r * du;
    gv += r * dv;
    guu += r * duu;
    guv += r * duv;
    gvv += r * dvv;
    @if(normal_equations) let j0 = m;
    @if(normal_equations) let j1 = dot(du, vec4f(1.0));
    @if(normal_equations) let j2 = dot(dv, vec4f(1.0));
    @if(normal_equations) let j3 = dot(duu, vec4f(1.0));
    @if(normal_equations) let j4 = dot(duv, vec4f(1.0));
    @if(normal_equations) let j5 = dot(dvv, vec4f(1.0));
    @if(normal_equations) jtj[0] += j0 * j0;
    @if(normal_equations) jtj[1] += j0 * j1;
    @if(normal_equations) jtj[2] += j0 * j2;
    @if(normal_equations) jtj[3] += j0 * j3;
    @if(normal_equations) jtj[4] += j0 * j4;
    @if(normal_equations) jtj[5] += j0 * j5;
    @if(normal_equations) jtj[6] += j1 * j1;
    @if(normal_equations) jtj[7] += j1 * j2;
    @if(normal_equations) jtj[8] += j1 * j3;
    @if(normal_equations) jtj[9] += j1 * j4;
    @if(normal_equations) jtj[10] += j1 * j5;
    @if(normal_equations) jtj[11] += j2 * j2;
    @if(normal_equations) jtj[12] += j2 * j3;
    @if(normal_equations) jtj[13] += j2 * j4;
    @if(normal_equations) jtj[14] += j2 * j5;
    @if(normal_equations) jtj[15] += j3 * j3;
    @if(normal_equations) jtj[16] += j3 * j4;
    @if(normal_equations) jtj[17] += j3 * j5;
    @if(normal_equations) jtj[18] += j4 * j4;
    @if(normal_equations) jtj[19] += j4 * j5;
    @if(normal_equations) jtj[20] += j5 * j5;
    visited += 1u;
    // No division in the loop: the next pixel of this lane is LANES further on.
    ix += LANES % NX;
    iy += LANES / NX;
    if (ix >= NX) {
      ix -= NX;
      iy += 1u;
    }
  }
  var sums: Sums;
  sums[0] = chi;
  sums[1] = gm;
  sums[2] = dot(gu, vec4f(1.0));
  sums[3] = dot(gv, vec4f(1.0));
  sums[4] = dot(guu, vec4f(1.0));
  sums[5] = dot(guv, vec4f(1.0));
  sums[6] = dot(gvv, vec4f(1.0));
  @if(normal_equations) for (var i = 0u; i < 21u; i++) { sums[7u + i] = jtj[i]; }
  return sums;
}
