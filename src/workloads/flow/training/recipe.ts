/** How each task's network is trained unless somebody says otherwise: the recipes of the networks that ship. */
import { defaultSizes } from '../../../batch/sizes.ts';
import type { Activation } from '../../../nn/mlp.ts';
import type { NetPrecision } from '../../../nn/mlp-kernel.ts';
import { type AdamwHyper, DEFAULT_OPTIMISER } from '../../../nn/optimiser/adamw.ts';

/** A training by its numbers, without an adapter. */
export interface Recipe {
  /** Id of the task. */
  readonly task: string;
  readonly width: number;
  readonly depth: number;
  readonly activation: Activation;
  readonly precision: NetPrecision;
  readonly optimiser: AdamwHyper;
  /** Times are drawn as t = 1 − uᵖ, u uniform: 1 all alike, above it more of the late ones, where narrow posteriors take their shape. */
  readonly timePower: number;
  /** Different simulations that batches are drawn from. */
  readonly simulations: number;
  /** Samples a step. */
  readonly batch: number;
  readonly seed: number;
  /**
   * Simulations go beyond the edges of a box prior, ever more thinly: standard deviation of the Gaussian shoulders, in units of the parameters
   * (`tasks/prior.ts`). A network draws an edge as a slope; with shoulders about as wide as the posterior it has none to draw, and what lies
   * outside the prior is rejected exactly. 0 for priors without edges.
   */
  readonly shoulder: number;
}

/** Small batches, a high rate and late times learn more from the same arithmetic than wider networks do: bench/NOTES.md, "Recipes tried". */
const BASE: Omit<Recipe, 'task'> = {
  width: 64,
  depth: 5,
  activation: 'silu',
  precision: 'f32',
  optimiser: { ...DEFAULT_OPTIMISER, rate: 3e-3, steps: 48_000 },
  timePower: 2,
  simulations: 1_000_000,
  batch: defaultSizes['flow.trainingBatch'],
  seed: 1,
  shoulder: 0,
};

const OWN: Readonly<Record<string, Partial<Recipe>>> = {
  gaussian: { shoulder: 0.1 },
  two_moons: { shoulder: 0.1, optimiser: { ...BASE.optimiser, steps: 96_000 } },
  gaussian_mixture: { shoulder: 1 },
  slcp: { shoulder: 0.5, optimiser: { ...BASE.optimiser, steps: 96_000 } },
};

/** An optimiser of another length or rate; a short training warms up over a tenth of its steps. */
export function optimiserWith(base: AdamwHyper, { steps = base.steps, rate = base.rate }): AdamwHyper {
  const warmup = steps === base.steps ? base.warmup : Math.min(DEFAULT_OPTIMISER.warmup, Math.ceil(steps / 10));
  return { ...base, steps, rate, warmup };
}

/** The recipe of a task, with what is given put over it. */
export function recipeFor(task: string, changes: Partial<Recipe> = {}): Recipe {
  return { ...BASE, ...OWN[task], ...changes, task };
}
