/** Tries a device in a precision before anything is believed that it computes. Loaded after the device has opened. */

import type { GpuContext } from '../../gpu/context.ts';
import { DeviceLostError } from '../../gpu/errors.ts';
import { selfTestProblem } from '../../workloads/self-test.ts';
import type { Precision, SelfTestCheck } from '../../workloads/workload.ts';
import type { Registry } from '../config/run-config.ts';
import { describeError } from '../errors.ts';
import { requirePrecision } from './errors.ts';
import { selfTestLibrary } from './library.ts';
import type { PrecisionReport, SelfTestReport } from './report.ts';

/** What was checked of a device, by precision and part: the library, or an experiment. */
const checked = new WeakMap<GpuContext, Map<string, Promise<readonly SelfTestCheck[]>>>();

/**
 * The self-test of a device for some experiments and precisions. Every part is tried once: whoever asks again gets the same checks. A check
 * that cannot be made counts as failed. Rejects with `DeviceLostError` only.
 */
export async function selfTest(
  gpu: GpuContext,
  registry: Registry,
  wanted: readonly Precision[] = ['f32'],
): Promise<SelfTestReport> {
  const begin = performance.now();
  const precisions: PrecisionReport[] = [];
  for (const precision of wanted) precisions.push(await tryPrecision(gpu, registry, precision));
  return { adapter: gpu.report.name, precisions, durationMs: Math.round(performance.now() - begin) };
}

/** The report of a device that has passed in this precision. Throws `SelfTestError`, `DeviceLostError`. */
export async function passedSelfTest(
  gpu: GpuContext,
  registry: Registry,
  precision: Precision,
): Promise<SelfTestReport> {
  const report = await selfTest(gpu, registry, precision === 'f32' ? ['f32'] : ['f32', precision]);
  requirePrecision(report, precision);
  return report;
}

async function tryPrecision(gpu: GpuContext, registry: Registry, precision: Precision): Promise<PrecisionReport> {
  const known = checked.get(gpu) ?? new Map<string, Promise<readonly SelfTestCheck[]>>();
  checked.set(gpu, known);
  const checks: SelfTestCheck[] = [];
  const part = async (id: string, title: string, make: () => Promise<readonly SelfTestCheck[]>) => {
    const key = `${precision} ${id}`;
    const made = known.get(key) ?? attempt(title, precision, make);
    known.set(key, made);
    checks.push(...(await made));
  };
  // The library computes in f32 whatever the precision of a run.
  if (precision === 'f32') await part('', 'Library', () => selfTestLibrary(gpu, precision));
  for (const { id, title, precisions, selfTest } of registry)
    if (selfTest && precisions.includes(precision)) await part(id, title, () => selfTest(gpu, precision));
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
