/**
 * Which devices have passed the self-test, beside what tunings found: $XDG_CACHE_HOME/lockstep/self-test.json. Only who has passed is noted, so
 * that a device that fails is tried every time; what is noted counts for the very same driver, program and precision, and for some days.
 */

import { statSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import * as v from 'valibot';
import { parseJson } from '../bundle/json-text.ts';
import { runtimeRecord } from '../engine/runtime.ts';
import type { SelfTestReport } from '../engine/self-test/report.ts';
import { passedSelfTest } from '../engine/self-test/run.ts';
import { appVersion } from '../engine/version.ts';
import type { GpuContext } from '../gpu/context.ts';
import { PRECISIONS } from '../gpu/precision.ts';
import type { Precision, Workload } from '../workloads/workload.ts';
import { TuningCache } from './tuning-cache.ts';

/** A driver may change without saying so. */
const VALID_MS = 7 * 24 * 3600 * 1000;
const MOST_ENTRIES = 64;

const precisionSchema = v.picklist(PRECISIONS);
const entrySchema = v.object({
  key: v.string(),
  /** ISO 8601. */
  at: v.pipe(v.string(), v.isoTimestamp()),
  precisions: v.array(
    v.object({
      precision: precisionSchema,
      passed: v.literal(true),
      checks: v.array(
        v.object({
          name: v.string(),
          precision: precisionSchema,
          measure: v.string(),
          measured: v.number(),
          allowed: v.number(),
          reason: v.string(),
          passed: v.literal(true),
        }),
      ),
    }),
  ),
});
const fileSchema = v.object({ schema: v.literal('lockstep-self-test-1'), entries: v.array(entrySchema) });
type Entry = v.InferOutput<typeof entrySchema>;

export class SelfTestCache {
  readonly path: string;

  constructor(environment: Readonly<Record<string, string | undefined>> = process.env) {
    this.path = join(dirname(new TuningCache(environment).path), 'self-test.json');
  }

  /**
   * The report of a device that has passed, now or before. Throws as `passedSelfTest` does.
   * @param anew tries it whatever is noted
   */
  async passed(gpu: GpuContext, workload: Workload, precision: Precision, anew: boolean): Promise<SelfTestReport> {
    const key = keyOf(gpu, workload, precision);
    const entries = await this.#load();
    const known = entries.find((entry) => entry.key === key && Date.now() - Date.parse(entry.at) < VALID_MS);
    if (known && !anew)
      return { adapter: gpu.report.name, precisions: known.precisions, durationMs: 0, testedAt: known.at };
    const report = await passedSelfTest(gpu, [workload], precision);
    const entry = v.safeParse(entrySchema, { key, at: new Date().toISOString(), precisions: report.precisions });
    const others = entries.filter((each) => each.key !== key);
    if (entry.success) await this.#save([entry.output, ...others].slice(0, MOST_ENTRIES));
    return report;
  }

  /** Has every device tried again. */
  async clear(): Promise<void> {
    await rm(this.path, { force: true }).catch(() => undefined);
  }

  /** None where the file cannot be read or understood. */
  async #load(): Promise<readonly Entry[]> {
    const text = await readFile(this.path, 'utf8').catch(() => '');
    return decodeSelfTests(text);
  }

  /** Through a temporary name. A cache that cannot be written costs the next run a second, not this one its result. */
  async #save(entries: readonly Entry[]): Promise<void> {
    const partial = `${this.path}.${process.pid}.partial`;
    try {
      await mkdir(dirname(this.path), { recursive: true });
      await writeFile(partial, `${JSON.stringify({ schema: 'lockstep-self-test-1', entries })}\n`);
      await rename(partial, this.path);
    } catch {
      await rm(partial, { force: true }).catch(() => undefined);
    }
  }
}

/** What a file notes; nothing where it cannot be understood. */
export function decodeSelfTests(text: string): readonly Entry[] {
  try {
    return v.parse(fileSchema, parseJson(text)).entries;
  } catch {
    return [];
  }
}

/** Adapter with what its driver says of itself, runtime, program and what is to be computed. */
function keyOf({ report }: GpuContext, { id }: Workload, precision: Precision): string {
  const { vendor, architecture, device, description, name, features } = report;
  const { name: runtime, version } = runtimeRecord();
  return JSON.stringify([
    ...[vendor, architecture, device, description, name, features.join()],
    ...[`${runtime} ${version}`, appVersion, builtAt(), id, precision],
  ]);
}

/** When this program was built: kernels may change between two builds of one version. */
function builtAt(): number {
  try {
    return statSync(process.argv[1]).mtimeMs;
  } catch {
    return 0;
  }
}
