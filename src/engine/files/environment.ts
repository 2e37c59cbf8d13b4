/** What a run was made with: program, runtime, adapter, hashes of the shaders. Recorded apart from anything that must repeat. */
import type { EnvironmentRecord, SelfTestRecord } from '../../bundle/environment.ts';
import { sha256Of } from '../../bundle/sha256.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import type { RunController } from '../run/controller.ts';
import { runtimeRecord } from '../runtime.ts';
import type { SelfTestReport } from '../self-test/report.ts';
import { appVersion } from '../version.ts';

export function environmentOf(
  run: RunController,
  report: AdapterReport | null,
  shaders: Readonly<Record<string, string>>,
): EnvironmentRecord & Record<string, never> {
  const record: EnvironmentRecord = {
    app: { name: 'lockstep', version: appVersion },
    runtime: runtimeRecord(),
    mode: run.plan.mode,
    ...(run.cpu && { cpu: run.cpu.arithmetic }),
    adapter: report
      ? {
          vendor: report.vendor,
          architecture: report.architecture,
          device: report.device,
          description: report.description,
          isFallback: report.software,
          features: report.features,
          limits: report.limits,
        }
      : undefined,
    selfTest: run.selfTest && selfTestRecord(run.selfTest),
    selfTestedAt: run.selfTest?.testedAt,
    shaders: Object.fromEntries(
      Object.entries(shaders).map(([name, wgsl]) => [name, sha256Of(new TextEncoder().encode(wgsl))]),
    ),
    createdAt: run.startedAt.toISOString(),
  };
  // An interface has no index signature, which the type of JSON values asks for; the content is plain JSON.
  return record as EnvironmentRecord & Record<string, never>;
}

/** Two digits say how good the arithmetic is, and little about which machine it is. */
function selfTestRecord({ precisions }: SelfTestReport): SelfTestRecord[] {
  const rounded = (value: number) => Number(value.toPrecision(2));
  return precisions.flatMap(({ precision, checks }) =>
    checks.map(({ name, measure, measured, allowed, passed }) => ({
      precision,
      check: name,
      measure,
      measured: measured === null ? null : rounded(measured),
      allowed: rounded(allowed),
      passed,
    })),
  );
}
