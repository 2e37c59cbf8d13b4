/** A training as a whole: its state, its loss, half precision, and the loss of its device. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import type { NetPrecision } from '../../src/nn/mlp-kernel.ts';
import { DEFAULT_OPTIMISER } from '../../src/nn/optimiser/adamw.ts';
import { firstState, type TrainerState } from '../../src/nn/training/state.ts';
import { Trainer } from '../../src/nn/training/trainer.ts';
import { gaussian } from '../../src/workloads/flow/tasks/gaussian.ts';
import { type Recipe, recipeFor } from '../../src/workloads/flow/training/recipe.ts';
import { type TrainingCheckpoint, TrainingRun } from '../../src/workloads/flow/training/run.ts';
import { scalingOf } from '../../src/workloads/flow/training/scaling.ts';
import { trainingSetup } from '../../src/workloads/flow/training/setup.ts';
import { velocityTraining } from '../../src/workloads/flow/training/velocity-training.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(closeTestContexts);

/** Uniform times and no shoulders: the loss has a floor in closed form. */
const small = (changes: Partial<Recipe> = {}) =>
  recipeFor('gaussian', {
    width: 16,
    depth: 3,
    batch: 64,
    simulations: 5000,
    seed: 3,
    timePower: 1,
    shoulder: 0,
    ...changes,
  });

function trainingOf(recipe: Recipe) {
  const scaling = scalingOf(gaussian, recipe);
  return velocityTraining(trainingSetup(gpu.report, gaussian, recipe, defaultSizes, scaling));
}

function initialState(recipe: Recipe): TrainerState {
  const training = trainingOf(recipe);
  return firstState(training.weights(), training.scaled);
}

/** Steps one after the other; the state behind them. */
async function trained(recipe: Recipe, steps: number, from?: TrainerState): Promise<TrainerState> {
  const trainer = await Trainer.open(gpu, trainingOf(recipe), from);
  await trainer.advance(Number.POSITIVE_INFINITY, steps);
  const state = await trainer.state();
  trainer.close();
  return state;
}

describe('the state of a training', () => {
  it.each<NetPrecision>(['f32', 'f16-storage'])('goes on to the same weights, bit for bit: %s', async (precision) => {
    const recipe = small({ precision });
    const whole = await trained(recipe, 50);
    const half = await trained(recipe, 20);
    expect(half.step).toBe(20);
    expect(await trained(recipe, 30, half)).toEqual(whole);
    // Moments and step count: without them the weights differ.
    const forgetful = {
      ...half,
      optimiser: half.optimiser.slice().fill(0, half.optimiser.length / 4, half.optimiser.length / 2),
    };
    expect((await trained(recipe, 30, forgetful)).optimiser).not.toEqual(whole.optimiser);
  });

  it('is taken back by restore', async () => {
    const recipe = small();
    const trainer = await Trainer.open(gpu, trainingOf(recipe));
    await trainer.advance(Number.POSITIVE_INFINITY, 10);
    const ten = await trainer.state();
    await trainer.advance(Number.POSITIVE_INFINITY, 10);
    const twenty = await trainer.state();
    await trainer.restore(ten);
    expect(trainer.step).toBe(10);
    await trainer.advance(Number.POSITIVE_INFINITY, 10);
    expect(await trainer.state()).toEqual(twenty);
    trainer.close();
  });
});

describe('the loss scale of half precision', () => {
  it('falls while gradients overflow, and training goes on', async () => {
    const recipe = small({ precision: 'f16-storage' });
    const first = initialState(recipe);
    const after = await trained(recipe, 40, { ...first, lossScale: 2 ** 75 });
    expect(after.skipped).toBeGreaterThan(0);
    expect(after.skipped).toBeLessThan(40);
    expect(after.lossScale).toBe(2 ** (75 - after.skipped));
    expect(after.optimiser.every(Number.isFinite)).toBe(true);
    expect(after.optimiser).not.toEqual(first.optimiser);
  });

  it('falls where slopes leave the range of halves, though no sum overflows', async () => {
    const recipe = small({ precision: 'f16-storage', optimiser: { ...DEFAULT_OPTIMISER, warmup: 10 } });
    const begun = await trained(recipe, 30);
    const after = await trained(recipe, 40, { ...begun, lossScale: 2 ** 26 });
    const steady = await trained(recipe, 40, begun);
    expect(after.skipped).toBeGreaterThan(3);
    expect(after.skipped).toBeLessThan(20);
    expect(after.lossScale).toBe(2 ** (26 - after.skipped));
    // Held at the end of the range, slopes would have led elsewhere.
    const size = after.optimiser.length / 4;
    const moved = (a: TrainerState, b: TrainerState) =>
      Math.hypot(...Array.from({ length: size }, (_, i) => a.optimiser[i] - b.optimiser[i]));
    expect(moved(after, steady)).toBeLessThan(0.5 * moved(after, begun));
  });

  it('leaves the weights alone in a step that overflows', async () => {
    const recipe = small({ precision: 'f16-storage' });
    const first = initialState(recipe);
    const after = await trained(recipe, 1, { ...first, lossScale: 2 ** 126 });
    expect(after).toEqual({ ...first, step: 1, skipped: 1, lossScale: 2 ** 125, since: 0 });
  });

  it('rises after many good steps', async () => {
    const recipe = small({ precision: 'f16-storage' });
    const after = await trained(recipe, 5, { ...initialState(recipe), since: 197 });
    expect(after).toMatchObject({ lossScale: 8192, since: 2, skipped: 0 });
  });
});

/** Trainers take so many steps between two reports, however long that takes. */
function reportEvery(steps: number): void {
  const advance = Trainer.prototype.advance;
  vi.spyOn(Trainer.prototype, 'advance').mockImplementation(function (this: Trainer) {
    return advance.call(this, Number.POSITIVE_INFINITY, steps);
  });
}

describe('a run', () => {
  const optimiser = { ...DEFAULT_OPTIMISER, warmup: 40, average: 0.98 };

  it('lowers the loss of the Gaussian to near its floor', async () => {
    const steps = { ...optimiser, steps: 400, rate: 1e-2 };
    const recipe = small({ optimiser: steps });
    const { report, model } = await new TrainingRun({ gpu, task: gaussian, recipe }).run();
    expect(report).toMatchObject({ state: 'done', step: 400, skipped: 0 });
    // With a Gaussian posterior of standard deviation s, in units of the prior's, the target's variance is s²/(s² t² + (1 − t)²).
    const s = 0.1 / model.scaling.sd[0];
    const floor = (s * Math.PI) / 2;
    expect(report.curve[0].loss).toBeGreaterThan(1.5);
    expect(report.loss).toBeGreaterThan(0.95 * floor);
    expect(report.loss).toBeLessThan(1.25 * floor);
  });

  it('goes on from a checkpoint, and on another device, to the same weights', async () => {
    const recipe = small({ optimiser: { ...optimiser, steps: 60 } });
    const whole = await new TrainingRun({ gpu, task: gaussian, recipe }).run();
    reportEvery(10);
    const kept: TrainingCheckpoint[] = [];
    const first: TrainingRun = new TrainingRun({
      gpu,
      task: gaussian,
      recipe,
      keepMs: 0,
      listener: {
        kept: (checkpoint) => void kept.push(checkpoint),
        progress: () => first.stop(),
      },
    });
    const { report } = await first.run();
    expect(report).toMatchObject({ state: 'stopped', step: 10 });
    const from = kept.at(-1)!;
    const doomed = await openTestContext();
    const losses: number[] = [];
    let reports = 0;
    const second = new TrainingRun({
      gpu: doomed,
      task: gaussian,
      recipe,
      from,
      keepMs: 0,
      reopen: async () => gpu,
      listener: {
        lost: (_message, step) => void losses.push(step),
        progress: () => {
          if (++reports === 2) doomed.destroy();
        },
      },
    });
    const { checkpoint } = await second.run();
    // From the last kept state, not from the beginning.
    expect(losses).toEqual([20]);
    expect(checkpoint.state).toEqual(whole.checkpoint.state);
  });

  it('says that nothing moves when no gradient is finite', async () => {
    const recipe = small({ optimiser: { ...optimiser, rate: 1e30, warmup: 1, steps: 250 } });
    await expect(new TrainingRun({ gpu, task: gaussian, recipe }).run()).rejects.toThrow('not finite');
  });

  it('says what to change where the batch does not fit, and never makes it smaller', async () => {
    const recipe = small({ batch: 2 ** 24 });
    await expect(new TrainingRun({ gpu, task: gaussian, recipe }).run()).rejects.toMatchObject({
      name: 'TrainingMemoryError',
      field: 'batch',
      message: expect.stringContaining('16777216'),
      todo: expect.stringContaining('8388608'),
    });
  });
});
