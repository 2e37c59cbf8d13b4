/** One shear run through the experiment's own contract: prepare, plan, open, advance, collect. */

import type { GpuContext } from '../../src/gpu/context.ts';
import type { PosteriorItem } from '../../src/results/posterior/item.ts';
import type { ParamValues } from '../../src/workloads/params.ts';
import { shearPresets } from '../../src/workloads/shear/presets.ts';
import type { ShearProblem } from '../../src/workloads/shear/problem.ts';
import { shearWorkload } from '../../src/workloads/shear/workload.ts';
import type { KernelShape, RunInputs } from '../../src/workloads/workload.ts';

export interface FinishedRun {
  readonly problem: ShearProblem;
  readonly shape: KernelShape;
  readonly items: readonly PosteriorItem[];
  readonly seconds: number;
}

/** The parameters of a preset with changes. */
export function presetParams(id: string, changes: ParamValues = {}): ParamValues {
  const preset = shearPresets.find((each) => each.id === id);
  if (!preset) throw new Error(`There is no preset ${id}.`);
  return { ...preset.params, ...changes };
}

/** All items of a run in one chunk. */
export async function runShear(
  gpu: GpuContext,
  params: ParamValues,
  seed: number,
  inputs: RunInputs = {},
): Promise<FinishedRun> {
  const configured = shearWorkload.configure(params, inputs);
  const problem = configured.prepare(seed);
  const shape = configured.shape(gpu.report);
  const plan = configured.plan(problem.items.length, shape);
  const session = await shearWorkload.open(gpu, problem, plan, shape);
  try {
    await session.start(problem.items.map(({ index }) => index));
    const begin = performance.now();
    while ((await session.advance(1000)).phase !== 'done');
    return { problem, shape, items: await session.collect(), seconds: (performance.now() - begin) / 1000 };
  } finally {
    session.close();
  }
}
