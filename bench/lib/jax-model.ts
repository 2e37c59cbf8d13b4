/**
 * The same log likelihood in jax-js, written as one would write it there, in the forms between which jax-js users choose:
 * one broadcast over [stamp, Gaussian, point], Gaussians as terms of a sum over [stamp, point], and a function of one stamp under vmap.
 * Arguments are owned (`.ref` before every use but the last), as jax-js wants it.
 */
import { numpy as np } from '@jax-js/jax';
import { PIXEL_RULE_VARIANCE } from '../../src/workloads/shear/mixtures/choose.ts';
import type { ModelSpec } from '../../src/workloads/shear/model-spec.ts';
import { SUBPOINT } from '../../src/workloads/shear/twin/model.ts';

export type PixelRule = '2×2' | '1';
export type JaxForm = 'broadcast' | 'terms' | 'vmap';
export const JAX_FORMS: readonly JaxForm[] = ['broadcast', 'terms', 'vmap'];

const PIXEL_VARIANCE = 1 / 12;

/** Constants of a model as arrays; they live as long as the benchmark. */
export interface JaxModel {
  readonly points: number;
  readonly pixels: number;
  /** Flux/σ over 2π and the number of points. */
  readonly scale: number;
  readonly hlrSquared: number;
  /** Offsets of all points from the stamp centre, px: [points × pixels], point by point. */
  readonly xs: np.Array;
  readonly ys: np.Array;
  /** [K]. */
  readonly amplitudes: np.Array;
  readonly galaxyVariances: np.Array;
  readonly psfVariances: np.Array;
  readonly components: readonly { readonly amplitude: number; readonly v: number; readonly s: number }[];
}

export function jaxModel(spec: ModelSpec, rule: PixelRule): JaxModel {
  const { nx, ny } = spec;
  const pixels = nx * ny;
  const offsets = rule === '1' ? [[0, 0]] : [-1, 1].flatMap((y) => [-1, 1].map((x) => [x * SUBPOINT, y * SUBPOINT]));
  const extra = rule === '1' ? PIXEL_VARIANCE - PIXEL_RULE_VARIANCE : 0;
  const components = spec.components.map((c) => ({
    amplitude: c.amplitude,
    v: c.galaxyVariance,
    s: c.psfVariance + extra,
  }));
  const grid = (of: (pixel: number, offset: number[]) => number) =>
    np.array(Float32Array.from(offsets.flatMap((o) => Array.from({ length: pixels }, (_, i) => of(i, o)))));
  const list = (of: (c: (typeof components)[number]) => number) => np.array(Float32Array.from(components, of));
  return {
    points: offsets.length,
    pixels,
    scale: spec.flux / spec.noiseSigma / (2 * Math.PI) / offsets.length,
    hlrSquared: spec.hlrPx ** 2,
    xs: grid((i, [x]) => (i % nx) + 0.5 - nx / 2 + x),
    ys: grid((i, [, y]) => Math.floor(i / nx) + 0.5 - ny / 2 + y),
    amplitudes: list(({ amplitude }) => amplitude),
    galaxyVariances: list(({ v }) => v),
    psfVariances: list(({ s }) => s),
    components,
  };
}

interface Shape {
  readonly txx: np.Array;
  readonly txy: np.Array;
  readonly tyy: np.Array;
  readonly xc: np.Array;
  readonly yc: np.Array;
}

/** T = hlr² M(g) and the centre from θ [..., 4], each with the shape `as`. */
function shapeOf(model: JaxModel, theta: np.Array, as: number[]): Shape {
  const batched = theta.ndim === 2;
  const column = (i: number) => (batched ? theta.ref.slice([], i) : theta.ref.slice(i)).reshape(as);
  const [g1, g2, xc, yc] = [column(0), column(1), column(2), column(3)];
  theta.dispose();
  const scale = np.reciprocal(g1.ref.mul(g1.ref).add(g2.ref.mul(g2.ref)).sub(1)).mul(-model.hlrSquared);
  const plus = g1.ref.add(1);
  const minus = np.subtract(1, g1);
  const square = g2.ref.mul(g2.ref);
  return {
    txx: plus.ref.mul(plus).add(square.ref).mul(scale.ref),
    tyy: minus.ref.mul(minus).add(square).mul(scale.ref),
    txy: g2.mul(scale).mul(2),
    xc,
    yc,
  };
}

/** −½ Σ r² of residuals from a model at all points, [..., points × pixels]. */
function likelihoodOf(model: JaxModel, atPoints: np.Array, data: np.Array): np.Array {
  const shape = atPoints.shape.slice(0, -1);
  const image = atPoints.reshape([...shape, model.points, model.pixels]).sum(-2);
  const r = data.sub(image);
  return r.ref.mul(r).sum().mul(-0.5);
}

/** θ [B, 4], data [B, pixels] → Σ over the batch. All Gaussians at once. */
function broadcast(model: JaxModel, theta: np.Array, data: np.Array): np.Array {
  const B = theta.shape[0];
  const K = model.components.length;
  const { txx, txy, tyy, xc, yc } = shapeOf(model, theta, [B, 1, 1]);
  const v = model.galaxyVariances.ref.reshape([1, K, 1]);
  const s = model.psfVariances.ref.reshape([1, K, 1]);
  const gaussians = gaussian(
    { xx: txx.mul(v.ref).add(s.ref), yy: tyy.mul(v.ref).add(s), xy: txy.mul(v) },
    model.amplitudes.ref.reshape([1, K, 1]).mul(model.scale),
    model.xs.ref.reshape([1, 1, -1]).sub(xc),
    model.ys.ref.reshape([1, 1, -1]).sub(yc),
  );
  return likelihoodOf(model, gaussians.sum(1), data);
}

/** The same with the Gaussians as terms of a sum, so that no array has their axis. */
function terms(model: JaxModel, theta: np.Array, data: np.Array): np.Array {
  const B = theta.shape[0];
  const { txx, txy, tyy, xc, yc } = shapeOf(model, theta, [B, 1]);
  const dx = model.xs.ref.reshape([1, -1]).sub(xc);
  const dy = model.ys.ref.reshape([1, -1]).sub(yc);
  const all = model.components.map(({ amplitude, v, s }) =>
    gaussian(
      { xx: txx.ref.mul(v).add(s), yy: tyy.ref.mul(v).add(s), xy: txy.ref.mul(v) },
      amplitude * model.scale,
      dx.ref,
      dy.ref,
    ),
  );
  for (const used of [txx, txy, tyy, dx, dy]) used.dispose();
  return likelihoodOf(
    model,
    all.reduce((sum, term) => sum.add(term)),
    data,
  );
}

/** θ [4], data [pixels] of one stamp, for vmap. */
function single(model: JaxModel, theta: np.Array, data: np.Array): np.Array {
  const K = model.components.length;
  const { txx, txy, tyy, xc, yc } = shapeOf(model, theta, [1, 1]);
  const v = model.galaxyVariances.ref.reshape([K, 1]);
  const s = model.psfVariances.ref.reshape([K, 1]);
  const gaussians = gaussian(
    { xx: txx.mul(v.ref).add(s.ref), yy: tyy.mul(v.ref).add(s), xy: txy.mul(v) },
    model.amplitudes.ref.reshape([K, 1]).mul(model.scale),
    model.xs.ref.reshape([1, -1]).sub(xc),
    model.ys.ref.reshape([1, -1]).sub(yc),
  );
  return likelihoodOf(model, gaussians.sum(0), data);
}

/** weight · |C|^(−½) · exp(−½ dᵀ C⁻¹ d). */
function gaussian(
  c: { xx: np.Array; xy: np.Array; yy: np.Array },
  weight: np.Array | number,
  dx: np.Array,
  dy: np.Array,
): np.Array {
  const inverse = np.reciprocal(c.xx.ref.mul(c.yy.ref).sub(c.xy.ref.mul(c.xy.ref)));
  const amplitude = np.sqrt(inverse.ref).mul(weight);
  // The factors of the three products have no point axis: cheap, and hoisted out of the exponent.
  const a = c.yy.mul(inverse.ref).mul(-0.5);
  const b = c.xy.mul(inverse.ref);
  const d = c.xx.mul(inverse).mul(-0.5);
  const exponent = a
    .mul(dx.ref.mul(dx.ref))
    .add(b.mul(dx.mul(dy.ref)))
    .add(d.mul(dy.ref.mul(dy)));
  return np.exp(exponent).mul(amplitude);
}

export const jaxLikelihoods = { broadcast, terms, single };
