/** The plane of two parameters: prior, exact draws, particles on their way. */

import { drawAxes, drawMark, type Frame } from '../../../ui/charts/axes.ts';
import { comparable, type Range, rangeOf } from '../../../ui/charts/scale.ts';
import type { Tokens } from '../../../ui/shared/useTokens.ts';
import { insidePrior, type Prior } from '../tasks/prior.ts';

export interface Scene {
  /** Parameters along x and y, by index, and their names. */
  readonly axes: readonly [number, number];
  readonly names: readonly string[];
  readonly prior: Prior;
  readonly dimension: number;
  /** [draw][parameter]. */
  readonly exact: ArrayLike<number> | undefined;
  /** Values by parameter; undefined where unknown. */
  readonly truth: readonly (number | undefined)[];
  /** [particle][parameter]. */
  readonly particles: Float32Array | undefined;
  /** Earlier places of some particles: [frame] of [particle][parameter]. */
  readonly trails: readonly Float32Array[];
  /** Ranges of the whole prior, or of the posterior alone. */
  readonly zoom: 'prior' | 'posterior';
}

/** Particles whose way is drawn. */
const TRAILS = 60;
/** Noise reaches so many standard deviations of the prior. */
const NOISE_SD = 3;

export function drawScene(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  scene: Scene,
  tokens: Tokens,
): void {
  const [ix, iy] = scene.axes;
  const [xRange, yRange] = [rangeFor(scene, ix), rangeFor(scene, iy)];
  const frame = drawAxes(context, width, height, tokens, {
    xRange,
    yRange,
    equal: comparable([xRange.min, xRange.max], [yRange.min, yRange.max]),
    xLabel: scene.names[ix],
    yLabel: scene.names[iy],
  });
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
  context.clip();
  drawPrior(context, frame, scene, tokens);
  if (scene.exact) drawExact(context, frame, scene, scene.exact, tokens);
  drawTrails(context, frame, scene, tokens);
  if (scene.particles) drawParticles(context, frame, scene, scene.particles, tokens);
  const [tx, ty] = [scene.truth[ix], scene.truth[iy]];
  if (tx !== undefined && ty !== undefined) {
    context.strokeStyle = tokens.truth;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(frame.x(tx), frame.y(ty), 7, 0, 2 * Math.PI);
    context.stroke();
    drawMark(context, 'plus', frame.x(tx), frame.y(ty), 11);
  }
  context.restore();
}

function rangeFor({ prior, zoom, exact, dimension, truth }: Scene, i: number): Range {
  if (zoom === 'posterior' && exact && exact.length > 0) {
    const values = Array.from({ length: exact.length / dimension }, (_, draw) => exact[draw * dimension + i]);
    return rangeOf([...values, truth[i] ?? Number.NaN], 0.25);
  }
  if (prior.kind === 'normal')
    return { min: prior.mean[i] - NOISE_SD * prior.sd[i], max: prior.mean[i] + NOISE_SD * prior.sd[i] };
  // A uniform number has a standard deviation of its range over √12.
  const reach = (NOISE_SD * (prior.high[i] - prior.low[i])) / Math.sqrt(12);
  const middle = (prior.low[i] + prior.high[i]) / 2;
  return { min: middle - reach, max: middle + reach };
}

function drawPrior(context: CanvasRenderingContext2D, frame: Frame, { prior, axes }: Scene, tokens: Tokens): void {
  const [ix, iy] = axes;
  context.strokeStyle = tokens.axis;
  context.lineWidth = 1.5;
  context.setLineDash([7, 4]);
  context.beginPath();
  if (prior.kind === 'box') {
    const [x0, x1, y0, y1] = [prior.low[ix], prior.high[ix], prior.low[iy], prior.high[iy]];
    context.rect(frame.x(x0), frame.y(y1), frame.x(x1) - frame.x(x0), frame.y(y0) - frame.y(y1));
  } else {
    const [rx, ry] = [2 * prior.sd[ix], 2 * prior.sd[iy]];
    const [mx, my] = [prior.mean[ix], prior.mean[iy]];
    context.ellipse(
      frame.x(mx),
      frame.y(my),
      frame.x(mx + rx) - frame.x(mx),
      frame.y(my) - frame.y(my + ry),
      0,
      0,
      2 * Math.PI,
    );
  }
  context.stroke();
  context.setLineDash([]);
}

function drawExact(
  context: CanvasRenderingContext2D,
  frame: Frame,
  { axes: [ix, iy], dimension: d }: Scene,
  exact: ArrayLike<number>,
  tokens: Tokens,
): void {
  context.fillStyle = tokens.series[1];
  context.globalAlpha = 0.3;
  for (let at = 0; at < exact.length; at += d)
    context.fillRect(frame.x(exact[at + ix]) - 1.25, frame.y(exact[at + iy]) - 1.25, 2.5, 2.5);
  context.globalAlpha = 1;
}

function drawTrails(
  context: CanvasRenderingContext2D,
  frame: Frame,
  { axes: [ix, iy], dimension: d, trails, particles }: Scene,
  tokens: Tokens,
): void {
  if (!particles || trails.length === 0) return;
  const count = Math.min(TRAILS, particles.length / d);
  context.strokeStyle = tokens.series[0];
  context.globalAlpha = 0.28;
  context.lineWidth = 1;
  for (let p = 0; p < count; p++) {
    context.beginPath();
    for (const places of [...trails, particles])
      context.lineTo(frame.x(places[p * d + ix]), frame.y(places[p * d + iy]));
    context.stroke();
  }
  context.globalAlpha = 1;
}

function drawParticles(
  context: CanvasRenderingContext2D,
  frame: Frame,
  { axes: [ix, iy], dimension: d, prior }: Scene,
  particles: Float32Array,
  tokens: Tokens,
): void {
  context.fillStyle = tokens.series[0];
  context.strokeStyle = tokens.series[0];
  context.lineWidth = 1;
  for (let at = 0; at < particles.length; at += d) {
    const [x, y] = [frame.x(particles[at + ix]), frame.y(particles[at + iy])];
    context.beginPath();
    context.arc(x, y, 2, 0, 2 * Math.PI);
    // Hollow: this one lies outside the prior and would be drawn anew.
    if (insidePrior(prior, particles.subarray(at, at + d))) context.fill();
    else context.stroke();
  }
}
