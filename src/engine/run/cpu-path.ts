/** How a run computes without a GPU. */
import { type CpuArithmetic, type CpuPath, TWIN_ARITHMETIC, type Workload } from '../../workloads/workload.ts';

/** The experiment's own way, else its f64 twin. */
export async function cpuPathOf(workload: Workload): Promise<CpuPath> {
  if (workload.cpu) return workload.cpu();
  return { arithmetic: TWIN_ARITHMETIC, open: (problem, chunk) => workload.reference(problem, chunk) };
}

/** "f32 with ONNX Runtime Web 1.30.0", "the f64 twin". Runs that earlier versions kept do not say: they were the twin's. */
export function arithmeticWords({ name, precision }: CpuArithmetic = TWIN_ARITHMETIC): string {
  return name.includes(precision) ? `the ${name}` : `${precision} with ${name}`;
}
