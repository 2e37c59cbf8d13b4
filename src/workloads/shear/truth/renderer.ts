/**
 * The judge's image model: galaxy ⊗ PSF ⊗ pixel in Fourier space, f64, by FFT. It shares nothing with the mixture model
 * that is fitted, so simulated observations carry none of that model's errors.
 *
 *   Ĩ(k) = flux · G(|Aᵀk| hlr) · P(k) · sinc(kx/2) sinc(ky/2) · e^(−ik·x0),  A = S(g) S(g_e),  k in 1/px
 *
 * G and P are transforms of round profiles; S(g) = (1 − |g|²)^(−1/2) [[1+g1, g2], [g2, 1−g1]]; a distortion e is the shear
 * g_e = e / (1 + √(1 − |e|²)), applied first. The image is sampled at pixel centres on a periodic grid of `size` px:
 * wave numbers beyond Nyquist fold back exactly, periodic images are kept below 1e-10 of the peak (see `sampling.ts`).
 */
import FFT from 'fft.js';
import { moffatScaleRadius } from './moffat.ts';
import { type GalaxyProfile, galaxyProfile, moffatProfile, type RadialProfile, unitGaussian } from './profiles.ts';
import { chooseSampling, type Sampling } from './sampling.ts';

export type PsfModel =
  | { readonly kind: 'gaussian'; readonly sigmaPx: number }
  | { readonly kind: 'moffat'; readonly beta: number; readonly fwhmPx: number };

/** What all stamps of a run share. */
export interface StampSetup {
  readonly nx: number;
  readonly ny: number;
  readonly profile: GalaxyProfile;
  /** Used for `sersic` only. */
  readonly sersicIndex: number;
  readonly psf: PsfModel;
}

/** One galaxy. Positions are pixels from the stamp centre. */
export interface GalaxyTruth {
  readonly flux: number;
  readonly hlrPx: number;
  readonly g1: number;
  readonly g2: number;
  readonly e1: number;
  readonly e2: number;
  readonly xc: number;
  readonly yc: number;
}

export interface RenderedStamp {
  /** Flux per pixel, row-major [ny, nx]. */
  readonly pixels: Float64Array;
  readonly sampling: Sampling;
}

type Matrix = readonly [number, number, number, number];

/** S(g), row by row. */
function shearMatrix(g1: number, g2: number): Matrix {
  const norm = 1 / Math.sqrt(1 - g1 * g1 - g2 * g2);
  return [norm * (1 + g1), norm * g2, norm * g2, norm * (1 - g1)];
}

/** Aᵀ = S(g_e) S(g): the shears are symmetric matrices, the distortion acts on the galaxy first. */
function wavenumberMatrix({ g1, g2, e1, e2 }: GalaxyTruth): Matrix {
  const ratio = 1 / (1 + Math.sqrt(1 - e1 * e1 - e2 * e2));
  const [a, b, c, d] = shearMatrix(e1 * ratio, e2 * ratio);
  const [p, q, r, s] = shearMatrix(g1, g2);
  return [a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s];
}

/** Largest factor by which a matrix of determinant 1 stretches; its inverse is the smallest. */
function stretch([a, b, c, d]: Matrix): number {
  const half = (a * a + b * b + c * c + d * d) / 2;
  return Math.sqrt(half + Math.sqrt(Math.max(0, half * half - 1)));
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x) / x;
}

/** Renders noise-free stamps of one setup. Building it tabulates the profiles (~10 ms for Sérsic and Moffat). */
export class TruthRenderer {
  readonly #setup: StampSetup;
  readonly #galaxy: RadialProfile;
  readonly #psf: RadialProfile;
  /** px per unit of the PSF's profile. */
  readonly #psfScalePx: number;

  constructor(setup: StampSetup) {
    this.#setup = setup;
    this.#galaxy = galaxyProfile(setup.profile, setup.sersicIndex);
    const { psf } = setup;
    this.#psf = psf.kind === 'gaussian' ? unitGaussian : moffatProfile(psf.beta);
    this.#psfScalePx = psf.kind === 'gaussian' ? psf.sigmaPx : moffatScaleRadius(psf.fwhmPx, psf.beta);
  }

  /** The image of one galaxy. Requires |g| < 1, |e| < 1 and hlrPx > 0. */
  render(truth: GalaxyTruth): RenderedStamp {
    const { nx, ny } = this.#setup;
    const matrix = wavenumberMatrix(truth);
    const sampling = this.#sampling(truth, stretch(matrix));
    const spectrum = this.#halfSpectrum(truth, matrix, sampling);
    return { pixels: stampOf(spectrum, sampling.size, nx, ny), sampling };
  }

  #sampling(truth: GalaxyTruth, stretched: number): Sampling {
    const { nx, ny } = this.#setup;
    const galaxy = this.#galaxy;
    const psf = this.#psf;
    const { hlrPx } = truth;
    const psfPx = this.#psfScalePx;
    const bound = (k: number, factor: number) =>
      galaxy.amplitude((k * hlrPx * factor) ** 2) * psf.amplitude((k * psfPx) ** 2);
    return chooseSampling({
      amplitude: (k) => Math.abs(bound(k, 1 / stretched)),
      roundAmplitude: (k) => bound(k, 1),
      brightness: [
        (r) => galaxy.brightness(r / (hlrPx * stretched)) / hlrPx ** 2,
        (r) => psf.brightness(r / psfPx) / psfPx ** 2,
      ],
      halfExtentPx: Math.max(nx / 2 + Math.abs(truth.xc), ny / 2 + Math.abs(truth.yc)),
    });
  }

  /**
   * The half ky ≥ 0 of the spectrum, folded onto the size × size grid, interleaved complex; the row ky = 0 counts half.
   * Twice the real part of its inverse transform is the image.
   */
  #halfSpectrum(truth: GalaxyTruth, [a, b, c, d]: Matrix, { kMax, size }: Sampling): Float64Array {
    const { nx, ny } = this.#setup;
    const grid = new Float64Array(2 * size * size);
    const dk = (2 * Math.PI) / size;
    const last = Math.floor(kMax / dk);
    const x0 = truth.xc + nx / 2 - 0.5;
    const y0 = truth.yc + ny / 2 - 0.5;
    const columns = Array.from({ length: 2 * last + 1 }, (_, i) => {
      const k = (i - last) * dk;
      const pixel = sinc(k / 2);
      return { k, column: (i - last) & (size - 1), re: pixel * Math.cos(k * x0), im: -pixel * Math.sin(k * x0) };
    });
    const hlrSquared = truth.hlrPx ** 2;
    const psfSquared = this.#psfScalePx ** 2;
    for (let m = 0; m <= last; m++) {
      const ky = m * dk;
      const rowPixel = (m === 0 ? 0.5 : 1) * truth.flux * sinc(ky / 2);
      const rowRe = rowPixel * Math.cos(ky * y0);
      const rowIm = -rowPixel * Math.sin(ky * y0);
      const row = 2 * size * (m & (size - 1));
      for (const { k: kx, column, re, im } of columns) {
        const kSquared = kx * kx + ky * ky;
        if (kSquared > kMax * kMax) {
          continue;
        }
        const qx = a * kx + b * ky;
        const qy = c * kx + d * ky;
        const amplitude =
          this.#galaxy.amplitude((qx * qx + qy * qy) * hlrSquared) * this.#psf.amplitude(kSquared * psfSquared);
        const at = row + 2 * column;
        grid[at] += amplitude * (rowRe * re - rowIm * im);
        grid[at + 1] += amplitude * (rowRe * im + rowIm * re);
      }
    }
    return grid;
  }
}

/** Inverse transform of a half spectrum, cut to the stamp: rows first, then only the stamp's columns. */
function stampOf(spectrum: Float64Array, size: number, nx: number, ny: number): Float64Array {
  const fft = new FFT(size);
  const line = new Float64Array(2 * size);
  const columns = new Float64Array(2 * size * nx);
  for (let row = 0; row < size; row++) {
    fft.inverseTransform(line, spectrum.subarray(2 * size * row, 2 * size * (row + 1)));
    for (let ix = 0; ix < nx; ix++) {
      columns[2 * (ix * size + row)] = line[2 * ix];
      columns[2 * (ix * size + row) + 1] = line[2 * ix + 1];
    }
  }
  const pixels = new Float64Array(ny * nx);
  for (let ix = 0; ix < nx; ix++) {
    fft.inverseTransform(line, columns.subarray(2 * size * ix, 2 * size * (ix + 1)));
    for (let iy = 0; iy < ny; iy++) {
      pixels[iy * nx + ix] = 2 * line[2 * iy];
    }
  }
  return pixels;
}
