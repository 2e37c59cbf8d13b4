/**
 * The image model in f64: value and six basic derivatives of every pixel, χ² with its gradient and JᵀJ.
 * Twin of `shaders/shear/frame.wgsl` and `likelihood.wgsl`; formulas in `ALGORITHM.md`, "Model".
 * Every Gaussian is one direct `Math.exp` a subpoint: slower than recurrences, and the judge of what they lose.
 */
import type { ModelSpec } from '../model-spec.ts';
import { BASIC_COUNT } from './transform.ts';

/** Offset of the 2×2 points of the corrected pixel rule, px; its added variance is part of every s_k. */
export const SUBPOINT = 0.2540718;
/** A component whose exponent at the pixel centre lies below this is left out: e^(−70) of its peak. */
const NEGLIGIBLE_EXPONENT = -70;
/** Numbers per component: α, β, weight, α v, β v. */
const STRIDE = 5;

/** Eigenframe of T: direction cosines of the first axis and the eigenvalues λ1 ≥ λ2, px². */
export interface Eigenframe {
  readonly c: number;
  readonly s: number;
  readonly lambda1: number;
  readonly lambda2: number;
}

/** Eigenframe of T = [[txx, txy], [txy, tyy]]; any frame serves where T is round. */
export function eigenframe(txx: number, txy: number, tyy: number): Eigenframe {
  const mean = 0.5 * (txx + tyy);
  const half = 0.5 * (txx - tyy);
  const r = Math.hypot(half, txy);
  if (r === 0) return { c: 1, s: 0, lambda1: mean, lambda2: mean };
  const angle = 0.5 * Math.atan2(txy, half);
  return { c: Math.cos(angle), s: Math.sin(angle), lambda1: mean + r, lambda2: mean - r };
}

/** Sums over the stamp of one evaluation; gradient and normal matrix belong to the eigenframe's six basic derivatives. */
export interface Evaluation {
  /** −½ Σ (r² − 1). */
  readonly logLikelihood: number;
  readonly chi2: number;
}

/** Evaluates one spec's model; owns its scratch arrays, so one instance serves one caller at a time. */
export class ShearModel {
  readonly #spec: ModelSpec;
  readonly #constants: Float64Array;
  /** Σ r/σ ∂m/∂basic in the eigenframe: flux, u, v, Tuu, Tuv, Tvv. */
  readonly #gradient = new Float64Array(BASIC_COUNT);
  /** Σ ∂m ∂mᵀ / σ², upper triangle, row-major 6 × 6. */
  readonly #normal = new Float64Array(BASIC_COUNT * BASIC_COUNT);
  #frame: Eigenframe = { c: 1, s: 0, lambda1: 1, lambda2: 1 };

  constructor(spec: ModelSpec) {
    this.#spec = spec;
    this.#constants = new Float64Array(STRIDE * spec.components.length);
  }

  /** α_k, β_k, weight (¼ amp_k √(αβ) / 2π), α v, β v of every component. */
  #componentConstants(frame: Eigenframe): void {
    this.#spec.components.forEach(({ amplitude, galaxyVariance, psfVariance }, k) => {
      const alpha = 1 / (galaxyVariance * frame.lambda1 + psfVariance);
      const beta = 1 / (galaxyVariance * frame.lambda2 + psfVariance);
      this.#constants.set(
        [
          alpha,
          beta,
          (amplitude * Math.sqrt(alpha * beta)) / (8 * Math.PI),
          galaxyVariance * alpha,
          galaxyVariance * beta,
        ],
        STRIDE * k,
      );
    });
  }

  /** The noise-free image, row-major ny × nx. */
  render(basic: Float64Array): Float64Array {
    const image = new Float64Array(this.#spec.nx * this.#spec.ny);
    this.#sweep(basic, undefined, false, image);
    return image;
  }

  /**
   * Compares the model with `data` (row-major ny × nx) and keeps gradient and, where asked, JᵀJ for `gradientInto` and
   * `normalInto`.
   */
  evaluate(basic: Float64Array, data: Float32Array, withNormal: boolean): Evaluation {
    return this.#sweep(basic, data, withNormal, undefined);
  }

  /** ∂ logL / ∂q = Lᵀ gradient, added to `out` (d). `jacobian` is L, 6 × d. */
  addGradient(jacobian: Float64Array, out: Float64Array): void {
    const d = out.length;
    const rotated = this.#rotate(jacobian, d);
    for (let i = 0; i < BASIC_COUNT; i++) for (let j = 0; j < d; j++) out[j] += this.#gradient[i] * rotated[i * d + j];
  }

  /** Lᵀ (JᵀJ/σ²) L into `out` (d × d). Needs an evaluation with its normal matrix. */
  normalInto(jacobian: Float64Array, out: Float64Array): void {
    const d = Math.round(Math.sqrt(out.length));
    const rotated = this.#rotate(jacobian, d);
    out.fill(0);
    for (let i = 0; i < BASIC_COUNT; i++) {
      for (let k = 0; k < BASIC_COUNT; k++) {
        const h = i <= k ? this.#normal[i * BASIC_COUNT + k] : this.#normal[k * BASIC_COUNT + i];
        for (let a = 0; a < d; a++) {
          const left = rotated[i * d + a] * h;
          for (let b = 0; b < d; b++) out[a * d + b] += left * rotated[k * d + b];
        }
      }
    }
  }

  /** Rows of L turned into the eigenframe: ∂(flux, uc, vc, Tuu, Tuv, Tvv)/∂q at the frame of the last evaluation. */
  #rotate(jacobian: Float64Array, d: number): Float64Array {
    const { c, s } = this.#frame;
    const out = new Float64Array(BASIC_COUNT * d);
    for (let j = 0; j < d; j++) {
      const x = jacobian[d + j];
      const y = jacobian[2 * d + j];
      const xx = jacobian[3 * d + j];
      const xy = jacobian[4 * d + j];
      const yy = jacobian[5 * d + j];
      out[j] = jacobian[j];
      out[d + j] = c * x + s * y;
      out[2 * d + j] = c * y - s * x;
      out[3 * d + j] = c * c * xx + 2 * c * s * xy + s * s * yy;
      out[4 * d + j] = c * s * (yy - xx) + (c * c - s * s) * xy;
      out[5 * d + j] = s * s * xx - 2 * c * s * xy + c * c * yy;
    }
    return out;
  }

  /** The pixel loop. Without data it only fills `image`. */
  #sweep(
    basic: Float64Array,
    data: Float32Array | undefined,
    withNormal: boolean,
    image: Float64Array | undefined,
  ): Evaluation {
    const { nx, ny, components, noiseSigma } = this.#spec;
    const flux = basic[0];
    const frame = eigenframe(basic[3], basic[4], basic[5]);
    this.#frame = frame;
    this.#componentConstants(frame);
    const constants = this.#constants;
    const end = STRIDE * components.length;
    const { c, s } = frame;
    const h = SUBPOINT;
    // The four points lie at ±p and ±q from the pixel centre: p = (h, h), q = (h, −h) turned into the eigenframe.
    const pu = h * (c + s);
    const pv = h * (c - s);
    const inverseSigma = 1 / noiseSigma;
    const normal = this.#normal.fill(0);
    let gradient0 = 0;
    let gradient1 = 0;
    let gradient2 = 0;
    let gradient3 = 0;
    let gradient4 = 0;
    let gradient5 = 0;
    let chi2 = 0;
    let logLikelihood = 0;
    for (let iy = 0; iy < ny; iy++) {
      const dy = iy + 0.5 - 0.5 * ny - basic[2];
      let rowChi2 = 0;
      let rowLog = 0;
      for (let ix = 0; ix < nx; ix++) {
        const dx = ix + 0.5 - 0.5 * nx - basic[1];
        const u0 = c * dx + s * dy;
        const v0 = c * dy - s * dx;
        const ua = u0 + pu;
        const va = v0 + pv;
        const ub = u0 - pu;
        const vb = v0 - pv;
        const uc = u0 + pv;
        const vc = v0 - pu;
        const ud = u0 - pv;
        const vd = v0 + pu;
        const uu0 = -0.5 * u0 * u0;
        const vv0 = -0.5 * v0 * v0;
        const uua = -0.5 * ua * ua;
        const vva = -0.5 * va * va;
        const uub = -0.5 * ub * ub;
        const vvb = -0.5 * vb * vb;
        const uuc = -0.5 * uc * uc;
        const vvc = -0.5 * vc * vc;
        const uud = -0.5 * ud * ud;
        const vvd = -0.5 * vd * vd;
        let m = 0;
        let mu = 0;
        let mv = 0;
        let muu = 0;
        let muv = 0;
        let mvv = 0;
        for (let k = 0; k < end; k += STRIDE) {
          const alpha = constants[k];
          const beta = constants[k + 1];
          if (alpha * uu0 + beta * vv0 < NEGLIGIBLE_EXPONENT) continue;
          const weight = constants[k + 2];
          const a = weight * Math.exp(alpha * uua + beta * vva);
          const b = weight * Math.exp(alpha * uub + beta * vvb);
          const e = weight * Math.exp(alpha * uuc + beta * vvc);
          const f = weight * Math.exp(alpha * uud + beta * vvd);
          const n = a + b + (e + f);
          const nuA = a * ua;
          const nuB = b * ub;
          const nuC = e * uc;
          const nuD = f * ud;
          const av = constants[k + 3];
          const bv = constants[k + 4];
          m += n;
          mu += alpha * (nuA + nuB + (nuC + nuD));
          mv += beta * (a * va + b * vb + (e * vc + f * vd));
          muu += av * (-2 * alpha * (a * uua + b * uub + (e * uuc + f * uud)) - n);
          muv += av * beta * (nuA * va + nuB * vb + (nuC * vc + nuD * vd));
          mvv += bv * (-2 * beta * (a * vva + b * vvb + (e * vvc + f * vvd)) - n);
        }
        const pixel = iy * nx + ix;
        if (image) image[pixel] = flux * m;
        if (!data) continue;
        const residual = (data[pixel] - flux * m) * inverseSigma;
        const square = residual * residual;
        rowChi2 += square;
        rowLog -= 0.5 * (square - 1);
        const scale = flux * inverseSigma;
        const d0 = m * inverseSigma;
        const d1 = scale * mu;
        const d2 = scale * mv;
        const d3 = 0.5 * scale * muu;
        const d4 = scale * muv;
        const d5 = 0.5 * scale * mvv;
        gradient0 += residual * d0;
        gradient1 += residual * d1;
        gradient2 += residual * d2;
        gradient3 += residual * d3;
        gradient4 += residual * d4;
        gradient5 += residual * d5;
        if (withNormal) accumulateNormal(normal, d0, d1, d2, d3, d4, d5);
      }
      // Summed by rows first: with thousands of pixels that halves the rounding of the total.
      chi2 += rowChi2;
      logLikelihood += rowLog;
    }
    this.#gradient.set([gradient0, gradient1, gradient2, gradient3, gradient4, gradient5]);
    return { logLikelihood, chi2 };
  }
}

function accumulateNormal(
  normal: Float64Array,
  d0: number,
  d1: number,
  d2: number,
  d3: number,
  d4: number,
  d5: number,
): void {
  normal[0] += d0 * d0;
  normal[1] += d0 * d1;
  normal[2] += d0 * d2;
  normal[3] += d0 * d3;
  normal[4] += d0 * d4;
  normal[5] += d0 * d5;
  normal[7] += d1 * d1;
  normal[8] += d1 * d2;
  normal[9] += d1 * d3;
  normal[10] += d1 * d4;
  normal[11] += d1 * d5;
  normal[14] += d2 * d2;
  normal[15] += d2 * d3;
  normal[16] += d2 * d4;
  normal[17] += d2 * d5;
  normal[21] += d3 * d3;
  normal[22] += d3 * d4;
  normal[23] += d3 * d5;
  normal[28] += d4 * d4;
  normal[29] += d4 * d5;
  normal[35] += d5 * d5;
}
