/** Where the tables of steps and precisions are drawn: as runs of that configuration are planned and opened. */
import type { RunConfig } from '../../../engine/config/run-config.ts';
import { planRun, requireFit } from '../../../engine/plan/plan-run.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { Precision, RunInputs } from '../../workload.ts';
import type { DrawPlace } from '../evaluation/draw.ts';
import type { LoadedCells } from '../load.ts';
import { cellsCpuPath } from '../reference.ts';
import { cellsWorkload } from '../workload.ts';

/** @param open the device, once it may be used in a precision; null where there is none */
export async function drawPlace(
  config: RunConfig,
  inputs: RunInputs,
  loaded: LoadedCells,
  open: (precision: Precision) => Promise<GpuContext | null>,
): Promise<DrawPlace> {
  const first = await open('f32');
  const report = first?.report ?? null;
  return {
    on: report?.name ?? (await cellsCpuPath()).arithmetic.name,
    gpu: open,
    plan: (params, precision) => {
      const plan = planRun(cellsWorkload, { ...config, params, precision }, { ...inputs, loaded }, report);
      requireFit(plan);
      return plan;
    },
  };
}
