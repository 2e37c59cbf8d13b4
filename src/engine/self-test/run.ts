/** Tries a device in every precision before anything is believed that it computes. Loaded after the device has opened. */
import type { GpuContext } from '../../gpu/context.ts';
import { DeviceLostError } from '../../gpu/errors.ts';
import { type SelfTestCheck, selfTestProblem } from '../../workloads/self-test.ts';
import type { Precision } from '../../workloads/workload.ts';
import { describeError } from '../errors.ts';
import { PRECISIONS, type Registry } from '../run-config.ts';
import { requirePrecision } from './errors.ts';
import { selfTestLibrary } from './library.ts';
import type { PrecisionReport, SelfTestReport } from './report.ts';

const reports = new WeakMap<GpuContext, Promise<SelfTestReport>>();

/**
 * The self-test of a device, made once for each: whoever asks again gets the same report. A check that cannot be made counts as failed.
 * Rejects with `DeviceLostError` only.
 */
export function selfTest(gpu: GpuContext, registry: Registry): Promise<SelfTestReport> {
  let report = reports.get(gpu);
  if (!report) {
    report = tryDevice(gpu, registry);
    reports.set(gpu, report);
  }
  return report;
}

/** The report of a device that has passed in this precision. Throws `SelfTestError`, `DeviceLostError`. */
export async function passedSelfTest(
  gpu: GpuContext,
  registry: Registry,
  precision: Precision,
): Promise<SelfTestReport> {
  const report = await selfTest(gpu, registry);
  requirePrecision(report, precision);
  return report;
}

async function tryDevice(gpu: GpuContext, registry: Registry): Promise<SelfTestReport> {
  const begin = performance.now();
  const precisions: PrecisionReport[] = [];
  for (const precision of PRECISIONS) precisions.push(await tryPrecision(gpu, registry, precision));
  return { adapter: gpu.report.name, precisions, durationMs: Math.round(performance.now() - begin) };
}

async function tryPrecision(gpu: GpuContext, registry: Registry, precision: Precision): Promise<PrecisionReport> {
  const checks = [...(await attempt('Library', precision, () => selfTestLibrary(gpu, precision)))];
  for (const workload of registry) {
    if (!workload.selfTest) continue;
    checks.push(...(await attempt(workload.title, precision, () => workload.selfTest!(gpu, precision))));
  }
  return { precision, checks, passed: checks.every(({ passed }) => passed) };
}

/** Whatever is thrown but the loss of the device is a failed check: a run would have met it, too. */
async function attempt(
  name: string,
  precision: Precision,
  make: () => Promise<readonly SelfTestCheck[]>,
): Promise<readonly SelfTestCheck[]> {
  try {
    return await make();
  } catch (thrown) {
    if (thrown instanceof DeviceLostError) throw thrown;
    return [selfTestProblem({ name, precision }, describeError(thrown).message)];
  }
}
