/**
 * One step of EDM's and of the VP path's sampler in f64, of one sample or of many side by side, in their own coordinates X = (α + σ) y, by denoiser and score as their papers write them.
 * Twin of what `schedule.ts` makes of them for the kernel.
 */
import { type DiffusionSettings, edmSigmas, vpPath } from './schedule.ts';
import type { Step } from './step.ts';

const scaled = (x: Float64Array, by: number) => x.map((value) => by * value);

/** D(X; σ) = E[x₁ | X = x₁ + σ x₀]. */
function* denoised(x: Float64Array, sigma: number): Step {
  const t = 1 / (1 + sigma);
  const y = scaled(x, t);
  const v = yield { x: y, t };
  return y.map((value, i) => value + (1 - t) * v[i]);
}

/** Step number `step` of Karras et al., algorithm 1, from and to y. */
export function* edmStep(y: Float64Array, step: number, steps: number, settings: DiffusionSettings): Step {
  const sigmas = edmSigmas(steps, settings);
  const [sigma, next] = [sigmas[step], sigmas[step + 1]];
  const x = scaled(y, 1 + sigma);
  const clean = yield* denoised(x, sigma);
  const slope = x.map((value, i) => (value - clean[i]) / sigma);
  const ahead = x.map((value, i) => value + (next - sigma) * slope[i]);
  if (next === 0) return ahead;
  const cleaner = yield* denoised(ahead, next);
  const corrected = x.map((value, i) => value + 0.5 * (next - sigma) * (slope[i] + (ahead[i] - cleaner[i]) / next));
  return scaled(corrected, 1 / (1 + next));
}

/** Step number `step` of the reverse equation of the VP path, by Euler and Maruyama with the normals w, from and to y. */
export function* vpStep(
  y: Float64Array,
  step: number,
  steps: number,
  settings: DiffusionSettings,
  w: Float64Array,
): Step {
  const { alpha, sigma, beta, t } = vpPath(1 - step / steps, settings);
  const after = vpPath(1 - (step + 1) / steps, settings);
  const v = yield { x: y, t };
  const h = 1 / steps;
  const noise = step + 1 < steps ? Math.sqrt(beta * h) : 0;
  return y.map((value, i) => {
    const x = (alpha + sigma) * value;
    const mean = value + (1 - t) * v[i];
    // The score of X given that its clean value has that mean.
    const score = (alpha * mean - x) / (sigma * sigma);
    return (x + h * (0.5 * beta * x + beta * score) + noise * w[i]) / (after.alpha + after.sigma);
  });
}

/** Standard deviation of y at the start of either. */
export function diffusionStart(solver: 'edm' | 'vp_sde', steps: number, settings: DiffusionSettings): number {
  if (solver === 'edm') {
    const [sigma] = edmSigmas(steps, settings);
    return sigma / (1 + sigma);
  }
  const { alpha, sigma } = vpPath(1, settings);
  return 1 / (alpha + sigma);
}
