/** C2ST of the networks that ship, over observations that the prior predictive makes: the table of `docs/flow.md`. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { evaluate } from '../../src/workloads/flow/evaluation/evaluate.ts';
import { meanC2st, worstOf } from '../../src/workloads/flow/evaluation/table.ts';
import { taskOf } from '../../src/workloads/flow/tasks/index.ts';
import { priorPredictive } from '../../src/workloads/flow/tasks/observations.ts';
import { decodeNetwork } from '../../src/workloads/flow/weights/network-file.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const OBSERVATIONS = 24;
/** Largest mean and largest single C2ST of each task, in 20 evaluations of the network. Chance moves a single one by .0035. */
const BOUNDS = [
  ['gaussian', 0.51, 0.53],
  ['two_moons', 0.51, 0.525],
  ['gaussian_linear', 0.512, 0.53],
  ['gaussian_mixture', 0.512, 0.535],
  ['shear', 0.517, 0.555],
  ['slcp', 0.63, 1],
] as const;

it.each(BOUNDS)(
  'C2ST of %s over its prior predictive is at most %d, of each observation %d',
  async (id, mean, worst) => {
    const bytes = readFileSync(new URL(`../../public/networks/${id}.safetensors`, import.meta.url));
    const task = taskOf(id)!;
    const [evaluation] = await evaluate({
      gpu,
      task,
      model: decodeNetwork(id, bytes).model,
      settings: [{ solver: 'midpoint', steps: 10, precision: 'f32' }],
      observations: priorPredictive(task, OBSERVATIONS),
      samples: 10_000,
      seed: 1,
      selfControl: false,
      pause: () => new Promise((resolve) => setImmediate(resolve)),
    });
    expect(meanC2st(evaluation)).toBeLessThanOrEqual(mean);
    expect(worstOf(evaluation).c2st).toBeLessThanOrEqual(worst);
  },
);
