/** How each task's network is trained unless somebody says otherwise: the recipes of the networks that ship. */
import { defaultSizes } from '../../../batch/sizes.ts';
import type { Activation } from '../../../nn/mlp.ts';
import type { NetPrecision } from '../../../nn/mlp-kernel.ts';
import { DEFAULT_OPTIMISER, type OptimiserSettings } from './setup.ts';

/** A training by its numbers, without an adapter. */
export interface Recipe {
  /** Id of the task. */
  readonly task: string;
  readonly width: number;
  readonly depth: number;
  readonly activation: Activation;
  readonly precision: NetPrecision;
  readonly optimiser: OptimiserSettings;
  /** Times are drawn as t = 1 − uᵖ, u uniform: 1 all alike, above it more of the late ones, where narrow posteriors take their shape. */
  readonly timePower: number;
  /** Different simulations that batches are drawn from. */
  readonly simulations: number;
  /** Samples a step. */
  readonly batch: number;
  readonly seed: number;
}

const BASE: Omit<Recipe, 'task'> = {
  width: 128,
  depth: 5,
  activation: 'silu',
  precision: 'f32',
  optimiser: DEFAULT_OPTIMISER,
  timePower: 2,
  simulations: 100_000,
  batch: defaultSizes['flow.trainingBatch'],
  seed: 1,
};

const OWN: Readonly<Record<string, Partial<Recipe>>> = {
  gaussian: { width: 64, depth: 3, optimiser: { ...DEFAULT_OPTIMISER, steps: 6_000 } },
  gaussian_linear: { width: 64, depth: 3, optimiser: { ...DEFAULT_OPTIMISER, steps: 6_000 } },
  two_moons: { optimiser: { ...DEFAULT_OPTIMISER, steps: 20_000 } },
};

/** An optimiser of another length or rate; a short training warms up over a tenth of its steps. */
export function optimiserWith(base: OptimiserSettings, { steps = base.steps, rate = base.rate }): OptimiserSettings {
  const warmup = steps === base.steps ? base.warmup : Math.min(DEFAULT_OPTIMISER.warmup, Math.ceil(steps / 10));
  return { ...base, steps, rate, warmup };
}

/** The recipe of a task, with what is given put over it. */
export function recipeFor(task: string, changes: Partial<Recipe> = {}): Recipe {
  return { ...BASE, ...OWN[task], ...changes, task };
}
