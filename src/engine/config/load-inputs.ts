/** Inputs with what the experiment fetches for itself. */
import type { ParamValues } from '../../workloads/params.ts';
import type { RunInputs, Workload } from '../../workloads/workload.ts';

/** What planning and preparing take: the user's files, and what ships with the experiment. Throws what `Workload.load` throws. */
export async function loadInputs(workload: Workload, params: ParamValues, inputs: RunInputs): Promise<RunInputs> {
  return workload.load ? { ...inputs, loaded: await workload.load(params, inputs) } : inputs;
}
