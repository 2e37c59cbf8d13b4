/**
 * Diffusion samplers driven by the velocity of the straight path.
 *
 * The network knows v(y, t) = E[x₁ − x₀ | y] on y = t x₁ + (1 − t) x₀, x₁ the data and x₀ unit noise (Lipman et al. 2023). A diffusion model has
 * another Gaussian path, X = α x₁ + σ x₀. Divided by α + σ it is the straight one:
 *
 *     y = X/(α + σ),   t = α/(α + σ),   1 − t = σ/(α + σ)
 *     E[x₁ | X] = y + (1 − t) v        the denoiser D(X; σ) of Karras et al. 2022
 *     E[x₀ | X] = y − t v              the noise, so the score of X is −(y − t v)/σ; nothing is divided by 1 − t
 *
 * EDM (Karras et al. 2022, algorithm 2 without churn): α = 1, dX/dσ = (X − D)/σ = y − t v, Heun's method on σ_i = (σ_max^(1/ρ) + i/(N − 1)
 * (σ_min^(1/ρ) − σ_max^(1/ρ)))^ρ, σ_N = 0. In y, with h = t′ − t and t = 1/(1 + σ), a step is y* = y + h v, y′ = y + h ((1 − w) v + w v*) with
 * w = t′/(2t): Heun's method in another time variable. The last step, to σ = 0, is one of Euler's.
 *
 * VP (Song et al. 2021): α² + σ² = 1, α = exp(−¼ s² (β₁ − β₀) − ½ s β₀), s from 1 to 0 in N equal steps of
 * X′ = X + (½ β X + β score)/N + √(β/N) w by Euler and Maruyama, the last without noise. X(1) is drawn from N(0, 1), which is what standardised
 * parameters come near: with GenSBI's β₁ = 3 a share α(1) = 0.47 of the data is still in it, so broad posteriors keep a trace of the prior.
 *
 * GenSBI trains one network for each of the three; here one network serves all, so that solvers can be compared without the training between
 * them. What a network learns from EDM's loss weights or from noise prediction differs; networks trained for them would be turned into v in
 * `shaders/flow/velocity.wgsl`.
 */

export interface DiffusionSettings {
  readonly sigmaMax: number;
  readonly sigmaMin: number;
  readonly rho: number;
  /** β at s = 0 and s = 1. */
  readonly beta: readonly [number, number];
}

export const DEFAULT_DIFFUSION: DiffusionSettings = { sigmaMax: 80, sigmaMin: 0.002, rho: 7, beta: [0.001, 3] };

/** What the kernel steps by. */
export interface Schedule {
  /** Standard deviation of y at the start. */
  readonly start: number;
  /** [steps][4]. edm: t, t of the next step, weights of both slopes. vp_sde: t, factors of position, velocity and noise. */
  readonly rows: Float32Array<ArrayBuffer>;
}

export function scheduleOf(solver: 'edm' | 'vp_sde', steps: number, settings = DEFAULT_DIFFUSION): Schedule {
  return solver === 'edm' ? edmSchedule(steps, settings) : vpSchedule(steps, settings);
}

/** Noise levels σ₀ … σ_N, the last one zero. */
export function edmSigmas(steps: number, { sigmaMax, sigmaMin, rho }: DiffusionSettings): number[] {
  const high = sigmaMax ** (1 / rho);
  const low = sigmaMin ** (1 / rho);
  const levels = Array.from({ length: steps }, (_, i) => (high + (i / Math.max(1, steps - 1)) * (low - high)) ** rho);
  return [...levels, 0];
}

function edmSchedule(steps: number, settings: DiffusionSettings): Schedule {
  const times = edmSigmas(steps, settings).map((sigma) => 1 / (1 + sigma));
  const rows = new Float32Array(4 * steps);
  for (let i = 0; i < steps; i++) {
    const [t, next] = [times[i], times[i + 1]];
    const second = next / (2 * t);
    rows.set([t, next, (next - t) * (1 - second), (next - t) * second], 4 * i);
  }
  return { start: 1 - times[0], rows };
}

/** α, σ and β at s, and the time t of the straight path there. */
export function vpPath(s: number, { beta: [low, high] }: DiffusionSettings) {
  const logAlpha = -0.25 * s * s * (high - low) - 0.5 * s * low;
  const alpha = Math.exp(logAlpha);
  const sigma = Math.sqrt(-Math.expm1(2 * logAlpha));
  return { alpha, sigma, beta: low + s * (high - low), t: alpha / (alpha + sigma) };
}

function vpSchedule(steps: number, settings: DiffusionSettings): Schedule {
  const rows = new Float32Array(4 * steps);
  for (let i = 0; i < steps; i++) {
    const { alpha, sigma, beta, t } = vpPath((steps - i) / steps, settings);
    const next = vpPath((steps - i - 1) / steps, settings);
    const scale = next.alpha + next.sigma;
    const pull = beta / (steps * sigma);
    const noise = i + 1 < steps ? Math.sqrt(beta / steps) / scale : 0;
    rows.set([t, ((alpha + sigma) * (1 + beta / (2 * steps)) - pull) / scale, (pull * t) / scale, noise], 4 * i);
  }
  const { alpha, sigma } = vpPath(1, settings);
  return { start: 1 / (alpha + sigma), rows };
}
